ceph_health_check() {
  # departs: view
  judge_ceph_health
  ask_ceph status 2>&1 | to_log
}
