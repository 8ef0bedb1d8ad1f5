database_replication_check() {
  local node
  # departs: by-name
  gather controllers ask_clustercheck
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_question galera_says_synced "$node" "$(gathered "$node")"
  done < <(nodes_in controllers)
  pass_unless_found "galera is synced on all $(count_of controllers) controllers"
}

ask_clustercheck() { on "$1" sudo clustercheck; }
