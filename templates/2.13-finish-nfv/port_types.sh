port_types_check() {
  local ports
  if ! ports=$(all_vhost_ports); then
    fail 'an OVS-DPDK compute does not show its ports' 'sudo ovs-vsctl list Interface, on each of them'
    return
  fi
  pass_or_fail 'no running instance has a dpdkvhostuser port' 'run this section again' no_old_ports
  if ! grep --quiet dpdkvhostuserclient <<<"$ports"; then
    warn 'no running instance has a dpdkvhostuserclient port' 'instances that are shut off get theirs when they are migrated or copied'
  fi
}
