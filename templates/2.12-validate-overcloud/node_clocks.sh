node_clocks_check() {
  settle 'the clock of every node to be synchronised' judge_nodes all judge_clock read_clock
  pass_unless_found "the clocks of all $(count_of all) nodes are synchronised"
}

read_clock() {
  local status=0
  # departs: chronyd
  if [[ $(systemctl is-active chronyd) == active ]]; then
    chronyc tracking
    return
  fi
  ntpstat || status=$?
  printf 'ntpstat ended with %d\n' "$status"
}
