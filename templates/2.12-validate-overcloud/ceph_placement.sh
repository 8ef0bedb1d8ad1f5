ceph_placement_check() {
  # departs: count
  settle 'every placement group to be active+clean' judge_soon ceph_all_pgs_clean
  pass_unless_found 'every placement group is active+clean'
}
