port_types_check() {
  local ports
  if ! ports=$(all_vhost_ports); then
    fail 'an OVS-DPDK compute does not show its ports' 'sudo ovs-vsctl list Interface, on each of them'
    return
  fi
  pass_or_fail 'no instance has a dpdkvhostuser port' 'run this section again' no_old_ports
  if ! grep --quiet dpdkvhostuserclient <<<"$ports"; then
    warn 'no instance has a dpdkvhostuserclient port' 'correct where no instance uses OVS-DPDK; otherwise sudo ovs-vsctl list Interface on its compute'
  fi
  look_at_unplugged
}

# Open vSwitch does not show what is shut off and unplugged: neutron tells what it would start with.
look_at_unplugged() {
  local ids id
  if ! ids=$(shut_off_and_unplugged); then
    fail 'cannot tell which instances are shut off' 'openstack server list --status SHUTOFF --all-projects --limit -1'
    return
  fi
  for id in $ids; do
    ask is_bound_to_old_port "$id"
    case $ANSWER in
      yes) warn "$id is shut off, and would start with a dpdkvhostuser port" "openstack server migrate $id, and when it is in VERIFY_RESIZE: openstack server resize --confirm $id" ;;
      unknown) fail "cannot tell which ports $id would start with" "nova interface-list $id, and openstack port show of each" ;;
    esac
  done
}
