baremetal_nodes_check() {
  local SERVERS wanted
  wanted=$(($(count_of all) - $(count_of deployed_server)))
  if ((wanted == 0)); then
    pass 'no node of the spec was deployed by this undercloud'
    return
  fi
  if ! SERVERS=$(list_servers servers); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack server list'
    return
  fi
  # departs: spares
  settle 'ironic to know the power state of every node' \
    judge_list judge_baremetal 'bare metal nodes' baremetal with_stackrc openstack baremetal node list -f json
  pass_unless_found "all $wanted nodes are powered on and out of maintenance"
}
