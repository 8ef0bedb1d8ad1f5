configure_nodes_requires() { images_are_current && no_node_is_deploying; }
configure_nodes_satisfied() { nodes_boot_current; }
configure_nodes_apply() {
  local nodes
  local -a uuids
  # departs: uuids
  nodes=$(with_stackrc openstack baremetal node list -c UUID -f csv --quote none | sed "1d")
  if [[ -z $nodes ]]; then give_up 'ironic lists no node; for an undercloud without bare metal nodes set images: skip in the spec'; fi
  read -r -d '' -a uuids <<<"$nodes" || :
  with_stackrc openstack overcloud node configure "${uuids[@]}"
}
configure_nodes_verify() { nodes_boot_current; }
