# Many nodes are asked at once, SSH_PARALLEL at a time; what each has said is read afterwards.

# gather GROUP FUNCTION [ARG...]: runs FUNCTION NODE ARG... for every node of the group, SSH_PARALLEL at a time.
# Its output and exit status go to $SCRATCH/gather/NODE.out and NODE.status; for questions only, which have their limit in an apply too.
gather() {
  local group=$1 function=$2 node
  local -i running=0
  shift 2
  if [[ -d $SCRATCH/gather ]]; then rm --force -- "$SCRATCH/gather"/*; else mkdir -- "$SCRATCH/gather"; fi
  # once, not once per node
  if [[ $function == as_root_on ]]; then function_text "$@" || :; fi
  for node in "${NODES[@]}"; do
    if ! node_is "$node" "$group"; then continue; fi
    gather_one "$node" "$function" "$@" &
    running=$((running + 1))
    if ((running >= SSH_PARALLEL)); then
      wait
      running=0
    fi
  done
  wait
}

gather_one() {
  local node=$1 function=$2 status=0 WHY_FILE="$SCRATCH/gather/$1.why" ERROR_FILE="$SCRATCH/gather/$1.err"
  shift 2
  in_time_of_an_answer "$function" "$node" "$@" >"$SCRATCH/gather/$node.out" 2>"$SCRATCH/gather/$node.err" </dev/null || status=$?
  printf '%d\n' "$status" >"$SCRATCH/gather/$node.status"
}

gathered() {
  local SAID
  [[ -e $SCRATCH/gather/$1.out ]] || return 1
  find_text "$SCRATCH/gather/$1.out" || return
  printf '%s' "$SAID"
}

# find_gathered NODE: sets SAID to the same.
find_gathered() {
  local IFS=$'\n'
  local -a lines=()
  [[ -e $SCRATCH/gather/$1.out ]] || return 1
  mapfile -t lines <"$SCRATCH/gather/$1.out" || return
  while ((${#lines[@]} > 0)) && [[ -z ${lines[${#lines[@]} - 1]} ]]; do unset -v "lines[${#lines[@]} - 1]"; done
  SAID="${lines[*]-}"
  heard_enough "$1"
}

# Also sets the reason to the one that the node gave.
find_gathered_status() {
  local reason
  if [[ -s $SCRATCH/gather/$1.why ]]; then
    IFS= read -r -d '' reason <"$SCRATCH/gather/$1.why" || :
    printf '%s' "$reason" >"$SCRATCH/why"
  fi
  IFS= read -r SAID <"$SCRATCH/gather/$1.status" || return 1
}

# The same, printed.
gathered_status() { printed find_gathered_status "$1"; }
