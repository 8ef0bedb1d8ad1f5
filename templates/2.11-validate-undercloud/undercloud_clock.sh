undercloud_clock_check() {
  settle 'the clock to be synchronised' judge_undercloud judge_clock read_clock
  pass_unless_found 'the clock is synchronised'
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
