start_services_requires() { no_process_like 'openstack undercloud upgrade'; }
start_services_satisfied() { no_claims units undercloud && why 'no service is left stopped by this change'; }
start_services_apply() {
  start_claimed_units undercloud
  wait_until 600 "the undercloud's services" claimed_units_active undercloud
  release_claim units undercloud
}
start_services_verify() { no_claims units undercloud && undercloud_lists_stack; }
start_services_rescue() {
  when_no no_process_like 'openstack undercloud upgrade' -- leave_services_alone
  start_services_apply
}

leave_services_alone() {
  complain 'an undercloud upgrade is still running and starts them itself; run this section again when it has ended'
  exit 1
}
