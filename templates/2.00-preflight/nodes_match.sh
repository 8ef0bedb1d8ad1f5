nodes_match_check() {
  local rows
  if ! rows=$(list_rows_of_nodes); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" '. ~/stackrc; openstack server list'
    return
  fi
  while IFS=$'\t' read -r word name detail; do
    case $word in
      missing) fail "$name ($detail) is in the spec and not in the undercloud's list" 'correct the spec, and compile again' ;;
      extra) fail "$name ($detail) is in the undercloud's list and not in the spec" 'add it to the spec, and compile again' ;;
      double) fail "two servers are called $name" 'openstack server list; each node needs a name of its own' ;;
      address) fail "$name has $detail, and the spec has $(node_address "$name")" 'correct the spec, and compile again' ;;
      status) fail "$name is $detail" "openstack server show $name" ;;
    esac
  done < <(grep . <<<"$rows")
  pass_unless_found "the undercloud's servers are the $(count_of all) nodes of the spec, neither more nor fewer"
}

list_rows_of_nodes() {
  local answer
  hear_undercloud openstack server list --limit -1 -f json 2>"$SCRATCH/list.err" || return 2
  answer=$SAID
  parse services mismatches "$BUNDLE/lib/nodes.tsv" <<<"$answer" 2>>"$SCRATCH/list.err" || return 2
}
