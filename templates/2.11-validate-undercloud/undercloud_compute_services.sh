undercloud_compute_services_check() {
  # departs: reason
  settle 'every compute service to be up' \
    judge_list judge_compute_services 'compute services' services with_stackrc openstack compute service list --long -f json
  pass_unless_found 'every compute service is enabled and up'
}
