overcloud_volume_services_check() {
  # departs: volume-reason
  settle 'every volume service to be up' \
    judge_list_unless volumes_may_lack judge_volume_services 'volume services' services with_overcloudrc openstack volume service list --long -f json
  pass_unless_found 'every volume service is enabled and up'
}
