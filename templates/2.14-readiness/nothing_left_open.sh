# Our switches that are still turned, and nodes that have not come back.
nothing_left_open_check() {
  judge_question no_flag_of_ours
  judge_question no_compute_of_ours
  judge_question every_node_is_back
  pass_unless_found 'this change has left nothing disabled, flagged or rebooting'
}
