database_replication_check() {
  local nodes node
  nodes=$(some_nodes_with mysql)
  if [[ -z $nodes ]]; then
    fail 'cannot tell which nodes run Galera' 'on each controller: sudo hiera service_names'
    return
  fi
  # departs: by-name
  gather control_plane if_among "$nodes" ask_clustercheck
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_question galera_says_synced "$node" "$(gathered "$node")"
  done <<<"$nodes"
  pass_unless_found "galera is synced on ${nodes//$'\n'/, }"
}

ask_clustercheck() { on "$1" sudo clustercheck; }
