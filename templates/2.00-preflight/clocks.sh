clocks_check() {
  judge_undercloud judge_clock read_clock
  judge_nodes all judge_clock read_clock
  pass_unless_found "the clocks of the undercloud and of all $(count_of all) nodes are synchronised"
}
