rabbit_cluster_check() {
  # departs: by-name
  judge_where_it_runs rabbitmq RabbitMQ settle_rabbit
}

settle_rabbit() {
  settle "rabbitmq to be healthy and whole on ${1//$'\n'/, }" judge_rabbit "$1"
  pass_unless_found "rabbitmq is healthy and whole on ${1//$'\n'/, }"
}
