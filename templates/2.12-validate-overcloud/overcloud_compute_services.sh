overcloud_compute_services_check() {
  # departs: reason
  settle 'every compute service to be up' \
    judge_list judge_all_compute_services 'compute services' services with_overcloudrc openstack compute service list --long -f json
  pass_unless_found 'every compute service is enabled and up'
}

# Each compute of the spec must be in the list: one that is missing is not reported as down.
judge_all_compute_services() {
  local rows node
  rows=$(cat)
  judge_compute_services <<<"$rows"
  while IFS= read -r node; do
    if [[ -z $(rows_of_compute "$node" <<<"$rows") ]]; then
      fail "$node: nova has no nova-compute of that name" "on $node: sudo systemctl status openstack-nova-compute"
    fi
  done < <(nodes_in computes)
}
