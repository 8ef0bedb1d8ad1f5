# What a tool's words mean, and what to do: lib/engine/remedies.tsv, one table for every tool that a step runs.
#
# Its columns: id, rank, how, pattern, cause, remedy, source. A line that begins with # is none.
#   rank     exact, or general: what may have many causes. An exact one goes before a general one, a later line of what was said before an
#            earlier one, a higher row before a lower one. A general one gives way to a remedy of the step's own
#   how      text: the pattern stands so in a line; regex: an extended regular expression that a line matches
#   remedy   {on} is the node and how to reach it, {node} its name, {stackrc} and {rc} the files with credentials, {stack}, {script},
#            {1} what the first group of the pattern matched, {uuid} the id in that line
# What a tool says is matched and nothing else: only a name or an id of a strict form comes from there into a remedy.

CURE_ID='' CURE_RANK='' CAUSE='' CURE='' CURED=no HEARD=()

# look_up_cure NODE LINE...: sets CURE_ID, CURE_RANK, CAUSE and CURE; all empty where the table knows none of the lines.
look_up_cure() {
  local node=$1 rank line
  local -i at
  shift
  local -a lines=("$@") table=()
  CURE_ID='' CURE_RANK='' CAUSE='' CURE=''
  if (($# == 0)); then return 0; fi
  mapfile -t table <"$BUNDLE/lib/engine/remedies.tsv"
  for rank in exact general; do
    for ((at = ${#lines[@]} - 1; at >= 0; at--)); do
      line=${lines[at]:0:2000}
      if [[ -n $line ]]; then match_cure "$rank" "$node" "$line"; fi
      if [[ -n $CURE_ID ]]; then return 0; fi
    done
  done
}

# match_cure RANK NODE LINE: by the first row of that rank that fits. Uses table.
match_cure() {
  local row id rank how pattern cause cure group
  for row in "${table[@]}"; do
    if [[ $row == '#'* ]]; then continue; fi
    IFS=$'\t' read -r id rank how pattern cause cure _ <<<"$row"
    if [[ $rank != "$1" ]]; then continue; fi
    group=''
    if [[ $how == text ]]; then
      if [[ $3 != *"$pattern"* ]]; then continue; fi
    else
      if [[ ! $3 =~ $pattern ]]; then continue; fi
      group=${BASH_REMATCH[1]-}
    fi
    CURE_ID=$id CURE_RANK=$rank CAUSE=$cause CURE=$cure
    fill_in_cure "$2" "$group" "$3"
    return 0
  done
}

# fill_in_cure NODE GROUP LINE
fill_in_cure() {
  local group=NAME uuid=ID line=$3
  local on='where it ran: ' node='the node'
  local hex='[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
  if [[ $2 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ ]]; then group=$2; fi
  # the id of a request is nobody's
  if [[ ${line//req-/req_} =~ (^|[^0-9A-Za-z_-])($hex)($|[^0-9A-Za-z-]) ]]; then uuid=${BASH_REMATCH[2]}; fi
  if [[ -n $1 && -n ${NODE_ADDRESS[$1]-} ]]; then
    node=$1
    on="on $node (ssh $SSH_USER@${NODE_ADDRESS[$1]}): "
  elif [[ $1 == undercloud ]]; then
    node='the undercloud' on='on the undercloud: '
  fi
  CURE=${CURE//'{on}'/"$on"}
  CURE=${CURE//'{node}'/"$node"}
  CURE=${CURE//'{stackrc}'/"$(quoted "$UNDERCLOUD_HOME/stackrc")"}
  CURE=${CURE//'{rc}'/"$(quoted "$UNDERCLOUD_HOME/${STACK}rc")"}
  CURE=${CURE//'{stack}'/"$(quoted "$STACK")"}
  CURE=${CURE//'{script}'/"./$SCRIPT"}
  CURE=${CURE//'{1}'/"$group"}
  CURE=${CURE//'{uuid}'/"$uuid"}
}

# hear_log: HEARD is what the commands of this step printed last. Lines of our own are set in, and are none.
hear_log() {
  local line
  local -a lines=()
  HEARD=()
  mapfile -t lines < <(exec tail --lines=40 -- "$LOG" 2>/dev/null)
  for line in "${lines[@]+"${lines[@]}"}"; do
    case $line in
      '=== '*) HEARD=() ;;
      '        '*) ;;
      *) HEARD+=("$line") ;;
    esac
  done
  hear_file "$SCRATCH/attempts"
}

# hear_errors: HEARD is what went wrong within the question that was asked last.
hear_errors() {
  HEARD=()
  hear_file "$SCRATCH/stderr"
}

hear_file() {
  local -a lines=()
  if [[ ! -s $1 ]]; then return 0; fi
  mapfile -t lines < <(exec tail --lines=10 -- "$1" 2>/dev/null)
  HEARD+=("${lines[@]+"${lines[@]}"}")
}

# tell_cure REASON [NODE] [OWN_REMEDY]: the cause and what to do, where the table knows REASON or what stands in HEARD.
tell_cure() {
  local node=${2-}
  CURED=no
  if [[ -z $node ]]; then node_into node "$1"; fi
  look_up_cure "$node" "${HEARD[@]+"${HEARD[@]}"}" "$1"
  if [[ -z $CURE_ID || ($CURE_RANK == general && -n ${3-}) ]]; then return 0; fi
  CURED=yes
  note "cause: $CAUSE"
  note "to do: $CURE"
}

# node_into VARIABLE REASON: the node that a command of the step was sent to, or the step's, or one that the reason names; or undercloud.
node_into() {
  local there='' candidate ours='^(sudo|as_root|with_stackrc|openstack|watched) '
  if [[ $2 =~ ^(as_root_on|on)\  ]]; then { IFS= read -r there <"$SCRATCH/failed_on"; } 2>/dev/null || :; fi
  if [[ $2 =~ $ours ]]; then there=undercloud; fi
  there=${there:-$CURRENT_NODE}
  if [[ -z $there ]]; then
    for candidate in "${NODES[@]+"${NODES[@]}"}"; do
      if [[ $2 =~ (^|[^A-Za-z0-9_.-])"$candidate"($|[^A-Za-z0-9_-]) ]]; then there=$candidate; fi
    done
    if [[ -z $there && $2 == *'the undercloud'* ]]; then there=undercloud; fi
  fi
  printf -v "$1" %s "$there"
}
