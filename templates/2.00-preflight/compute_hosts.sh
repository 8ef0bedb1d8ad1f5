# A wrong name looks like an empty node to everything that asks nova.
compute_hosts_check() {
  judge_list judge_compute_hosts 'compute services' services with_overcloudrc openstack compute service list --long -f json
  pass_unless_found "nova knows each of the $(count_of computes) computes by exactly one name"
}

judge_compute_hosts() {
  local rows node found
  rows=$(cat)
  while IFS= read -r node; do
    found=$(rows_of_compute "$node" <<<"$rows" | awk 'END { print NR }')
    if [[ $found != 1 ]]; then
      fail "nova has $found computes that could be $node" 'rc: openstack compute service list --service nova-compute'
    fi
  done < <(nodes_in computes)
}
