node_units_check() {
  # departs: every-node
  judge_nodes all judge_units list_failed_units
  pass_unless_found "no unit has failed on any of the $(count_of all) nodes"
}

list_failed_units() {
  systemctl list-units --state=failed --no-legend 'openstack*' 'neutron*' 'httpd' 'docker' 'ceph*'
  printf 'others\n'
  systemctl list-units --state=failed --no-legend
}
