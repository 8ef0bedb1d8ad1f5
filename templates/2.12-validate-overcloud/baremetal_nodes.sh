baremetal_nodes_check() {
  # departs: spares
  settle 'ironic to know the power state of every node' \
    judge_list judge_baremetal 'bare metal nodes' baremetal with_stackrc openstack baremetal node list -f json
  pass_unless_found "all $(count_of all) nodes are powered on and out of maintenance"
}
