overcloud_network_agents_check() {
  settle 'every network agent to be alive' \
    judge_list_unless agents_may_lack judge_agents 'network agents' agents with_overcloudrc openstack network agent list -f json
  pass_unless_found 'every network agent is alive and UP'
}
