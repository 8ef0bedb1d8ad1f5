undercloud_clock_check() {
  # departs: chronyd
  settle 'the clock to be synchronised' judge_undercloud judge_clock read_clock
  pass_unless_found 'the clock is synchronised'
}
