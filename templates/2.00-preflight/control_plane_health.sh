# What the gates of the reboots refuse is said before anything has been changed. Nothing of it can be accepted: no controller could be rebooted.
control_plane_health_check() {
  if [[ $(count_of pacemaker) != 0 ]]; then judge_cluster; fi
  judge_where_it_runs mysql Galera judge_galera
  judge_where_it_runs rabbitmq RabbitMQ judge_rabbit
  pass_unless_found 'the cluster is whole, galera is synced and rabbitmq healthy'
}
