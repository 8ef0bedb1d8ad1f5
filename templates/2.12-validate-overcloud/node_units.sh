node_units_check() {
  # departs: every-node
  judge_nodes all judge_units list_failed_units "${SERVICE_UNITS[@]}"
  pass_unless_found "no unit has failed on any of the $(count_of all) nodes"
}
