pacemaker_resources_check() {
  local controller
  settle 'the cluster to be healthy' judge_cluster
  pass_unless_found "all $(count_of pacemaker) cluster nodes are online, no resource is stopped, no action failed"
  # for the log, as the guide has it; the verdict above is taken from crm_mon, whose words do not change between versions
  if controller=$(one_of pacemaker); then
    # departs: crm-mon
    on "$controller" sudo pcs status 2>&1 | to_log
  fi
}
