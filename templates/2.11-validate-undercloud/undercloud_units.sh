undercloud_units_check() {
  judge_undercloud judge_units list_failed_units
  pass_unless_found 'no unit has failed'
}

list_failed_units() {
  systemctl list-units --state=failed --no-legend 'openstack*' 'neutron*' 'httpd' 'docker'
  # departs: others
  printf 'others\n'
  systemctl list-units --state=failed --no-legend
}
