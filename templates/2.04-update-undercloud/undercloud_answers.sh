# After the reboot the operator is back before heat is.
undercloud_answers_check() {
  if wait_until 300 "heat to answer and list the stack $STACK" undercloud_lists_stack; then
    pass "heat answers and lists the stack $STACK"
  else
    fail "$WHY" 'stackrc: openstack stack list'
  fi
  pass_or_fail 'every update that this change has to bring is installed, python-tripleoclient included' \
    'run this section again ;; here: sudo yum check-update' undercloud_updated
  pass_or_fail 'every service that this change stopped runs again' "$(way_to_step start_services)" no_claims units undercloud
  pass_or_fail 'no service of OpenStack has failed' "sudo systemctl list-units --state=failed 'openstack-*' 'neutron-*' httpd" no_failed_services
  judge_patched_files
}

no_failed_services() {
  local failed
  failed=$(systemctl list-units --state=failed --no-legend --no-pager 'openstack-*' 'neutron-*' httpd.service) || return 2
  failed=$(failed_units <<<"$failed") || return 2
  why "failed: ${failed//$'\n'/, }"
  [[ -z $failed ]]
}
