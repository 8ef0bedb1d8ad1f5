nodes_match_check() {
  local rows word name detail id lines
  local -a answers=()
  note_roles
  if ! rows=$(list_servers mismatches "$SCRATCH/roles"); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack server list'
    return
  fi
  while IFS=$'\t' read -r word name detail id lines; do
    # from here "$@" is the lines of site.yaml that answer this finding, if there are any
    set --
    if [[ -n $lines ]]; then
      IFS=$'\t' read -r -a answers <<<"$lines"
      set -- "${answers[@]}"
    fi
    judge_server "$word" "$name" "$detail" "$id" "$@"
  done < <(grep . <<<"$rows")
  judge_stated_services
  pass_unless_found "the stack's servers on the undercloud are exactly the $(($(count_of all) - $(count_of deployed_server))) nodes of the spec"
  judge_dead_services
}

# judge_server WORD NAME DETAIL ID [LINE...]: what is wrong with a server, and the lines of site.yaml that answer it.
judge_server() {
  local word=$1 name=$2 detail=$3 id=$4
  shift 4
  case $word in
    missing)
      fail "$name ($detail) is in the spec and not in the undercloud's list" \
        'correct the spec, or set deployed_server: true for a node that this undercloud did not deploy; then compile again' \
        "$@"
      ;;
    extra) judge_extra_server "$name" "$detail" "$id" "$@" ;;
    double) fail "two servers are called $name" 'each node needs a name of its own ;; stackrc: openstack server list' ;;
    address)
      fail "$name has $detail, and the spec has $(node_address "$name")" 'correct the spec, and compile again' "$@"
      ;;
    role)
      fail "$name has the role $detail in the stack $STACK, and the spec has $(node_role "$name")" 'correct the spec, and compile again' \
        "$@"
      ;;
    status) fail "$name is $detail" "stackrc: openstack server show $(quoted "$name")" ;;
  esac
}

# note_roles: the role that heat has for each server, in $SCRATCH/roles. Without an answer the chapter continues: the names are compared.
note_roles() {
  : >"$SCRATCH/roles"
  if no_node_deployed_here; then return; fi
  ask find_roles
  # a check goes on after whatever it finds
  set +e
  if [[ $ANSWER == yes ]] && find_roles && printf '%s\n' "$SAID" >"$SCRATCH/roles"; then return; fi
  warn "cannot compare the roles of the nodes with those of the stack $STACK: ${WHY:-heat does not tell them}" "$REMEDY"
}

# judge_extra_server NAME NETWORKS ID [LINE...]: a server outside the stack is somebody else's, and left alone: only those of the stack are updated.
judge_extra_server() {
  ask stack_has "$3"
  case $ANSWER in
    yes) fail "$1 ($2) is in the undercloud's list and not in the spec" 'add it to the spec, and compile again' "${@:4}" ;;
    no) tell "$1 ($2) is a server of the undercloud but not of the stack $STACK: it is left alone" ;;
    *) fail "cannot tell whether $1 ($2), which is not in the spec, belongs to the stack $STACK: $WHY" "$REMEDY" ;;
  esac
  # a check goes on after whatever it finds
  set +e
}
