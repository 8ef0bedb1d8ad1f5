ceph_status_check() {
  # departs: json
  judge_question ceph_healthy
  judge_question ceph_in_full_quorum
  judge_question ceph_all_osds_up
  judge_question ceph_all_pgs_clean
  pass_unless_found 'ceph reports HEALTH_OK: monitors in quorum, OSDs up, placement groups active+clean'
  ask_ceph -s >>"$LOG" 2>&1
}
