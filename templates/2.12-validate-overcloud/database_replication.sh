database_replication_check() {
  local nodes
  nodes=$(some_nodes_with mysql)
  if [[ -z $nodes ]]; then
    fail 'cannot tell which nodes run Galera' 'on control_plane: sudo hiera service_names'
    return
  fi
  settle "galera to be synced on ${nodes//$'\n'/, }" judge_galera "$nodes"
  pass_unless_found "galera is synced on ${nodes//$'\n'/, }"
}

judge_galera() {
  local nodes=$1 node
  # departs: by-name
  gather control_plane if_among "$nodes" ask_clustercheck
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_soon galera_says_synced "$node" "$(gathered "$node")"
  done <<<"$nodes"
}

ask_clustercheck() { on "$1" sudo clustercheck; }
