rabbit_cluster_check() {
  local nodes
  nodes=$(some_nodes_with rabbitmq)
  if [[ -z $nodes ]]; then
    fail 'cannot tell which nodes run RabbitMQ' 'on control_plane: sudo hiera service_names'
    return
  fi
  settle "rabbitmq to be healthy and whole on ${nodes//$'\n'/, }" judge_rabbit "$nodes"
  pass_unless_found "rabbitmq is healthy and whole on ${nodes//$'\n'/, }"
}

judge_rabbit() {
  local nodes=$1 node count terms judge
  # departs: by-name
  gather control_plane if_among "$nodes" ask_rabbit
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_soon rabbit_says_healthy "$node" "$(gathered_status "$node")"
  done <<<"$nodes"
  # a node that is well by itself may still be on one side of a split, or alone
  count=$(awk 'END { print NR }' <<<"$nodes")
  gather control_plane if_among "$nodes" ask_rabbit_cluster
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    terms=$(gathered "$node")
    # one that is still alone may join; a split must be ended by people
    judge=judge_soon
    if [[ $(tr --delete ' \n' <<<"$terms") == *'{partitions,[{'* ]]; then judge=judge_question; fi
    "$judge" rabbit_says_whole "$node" "$terms" "$count"
  done <<<"$nodes"
}

ask_rabbit() { on "$1" sudo rabbitmqctl node_health_check; }
ask_rabbit_cluster() { on "$1" sudo rabbitmqctl cluster_status; }
