client_flavors_check() {
  judge_hypervisors
  over_bare_metal judge_client_flavors
  pass_unless_found 'the flavors that the deploy command names exist and have nodes; nova counts hypervisors'
}

judge_client_flavors() {
  local rows
  cat >"$SCRATCH/bare-metal.tsv"
  judge_number_of_nodes <"$SCRATCH/bare-metal.tsv"
  if rows=$(client_flavor_rows "$SCRATCH/bare-metal.tsv"); then
    judge_flavors < <(grep . <<<"$rows")
  else
    fail "cannot check the flavors: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack flavor list --long'
  fi
}

judge_hypervisors() {
  ask hypervisors_are_counted
  # a check goes on after whatever it finds
  set +e
  case $ANSWER in
    no) as_client fail "$WHY" "$REMEDY" ;;
    unknown) fail "cannot tell: $WHY" "$REMEDY" ;;
  esac
}

# hypervisors_are_counted: nova leaves out those whose compute service is disabled, and has none where no node was deployed here.
hypervisors_are_counted() {
  local count
  hear_undercloud openstack hypervisor stats show --format value --column count || {
    why "cannot read the number of hypervisors from nova: $(said_last)" 'stackrc: openstack hypervisor stats show'
    return 2
  }
  count=$SAID
  numbers count || return 2
  if no_node_deployed_here; then return 0; fi
  why "the undercloud's nova lists no hypervisors" \
    'stackrc: openstack compute service list; openstack compute service set --enable undercloud.localdomain nova-compute'
  ((count >= 1))
}
