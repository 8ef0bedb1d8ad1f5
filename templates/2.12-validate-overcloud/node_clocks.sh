node_clocks_check() {
  # departs: chronyd
  settle 'the clock of every node to be synchronised' judge_nodes all judge_clock read_clock
  pass_unless_found "the clocks of all $(count_of all) nodes are synchronised"
}
