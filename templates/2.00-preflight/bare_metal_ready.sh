# Said first by 2.12 otherwise, when every node has been rebooted, or by the client in 2.06.
bare_metal_ready_check() {
  over_bare_metal judge_bare_metal
  pass_unless_found 'every bare metal node in use is powered on and out of maintenance'
}
