rabbit_cluster_check() {
  local nodes node count
  nodes=$(some_nodes_with rabbitmq)
  if [[ -z $nodes ]]; then
    fail 'cannot tell which nodes run RabbitMQ' 'on each controller: sudo hiera service_names'
    return
  fi
  # departs: by-name
  gather control_plane if_among "$nodes" ask_rabbit
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_question rabbit_says_healthy "$node" "$(gathered_status "$node")"
  done <<<"$nodes"
  # a node that is well by itself may still stand on one side of a split, or alone
  count=$(awk 'END { print NR }' <<<"$nodes")
  gather control_plane if_among "$nodes" ask_rabbit_cluster
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_question rabbit_says_whole "$node" "$(gathered "$node")" "$count"
  done <<<"$nodes"
  pass_unless_found "rabbitmq is healthy and whole on ${nodes//$'\n'/, }"
}

ask_rabbit() { on "$1" sudo rabbitmqctl node_health_check; }
ask_rabbit_cluster() { on "$1" sudo rabbitmqctl cluster_status; }
