rabbit_cluster_check() {
  local node
  # departs: by-name
  gather controllers ask_rabbit
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_question rabbit_says_healthy "$node" "$(gathered_status "$node")"
  done < <(nodes_in controllers)
  pass_unless_found "rabbitmq is healthy on all $(count_of controllers) controllers"
}

ask_rabbit() { on "$1" sudo rabbitmqctl node_health_check; }
