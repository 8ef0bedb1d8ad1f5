port_types_check() {
  local ports
  if ! ports=$(all_vhost_ports); then
    fail 'an OVS-DPDK compute does not show its ports' 'on dpdk: sudo ovs-vsctl list Interface'
    return
  fi
  pass_or_fail 'no instance has a dpdkvhostuser port' 'run this section again' no_old_ports
  if ! grep --quiet dpdkvhostuserclient <<<"$ports"; then
    warn 'no instance has a dpdkvhostuserclient port' 'correct if no instance uses OVS-DPDK ;; on dpdk: sudo ovs-vsctl list Interface'
  fi
  look_at_unplugged
}

# An instance that is shut off may have no port in Open vSwitch: neutron says of which type it would get one.
look_at_unplugged() {
  local ids id
  if ! ids=$(shut_off_and_unplugged); then
    fail 'cannot list the instances that are shut off' 'rc: openstack server list --status SHUTOFF --all-projects --limit -1'
    return
  fi
  for id in $ids; do
    ask is_bound_to_old_port "$id"
    case $ANSWER in
      yes) warn "$id is shut off, and would start with a dpdkvhostuser port" "rc: nova migrate --poll $(quoted "$id") && nova resize-confirm $(quoted "$id")" ;;
      unknown) fail "cannot tell which ports $id would start with" "look at each port with openstack port show ;; rc: nova interface-list $(quoted "$id")" ;;
    esac
  done
}
