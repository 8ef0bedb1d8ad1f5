undercloud_units_check() {
  # departs: others
  judge_undercloud judge_units list_failed_units 'openstack*' 'neutron*' httpd docker
  pass_unless_found 'no unit has failed'
}
