ceph_flags_check() {
  local flag
  for flag in noout norebalance; do
    judge_question no_foreign_ceph_flag "$flag"
  done
  pass_unless_found 'neither noout nor norebalance is set by others'
}
