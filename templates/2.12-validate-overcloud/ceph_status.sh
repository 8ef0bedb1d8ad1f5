ceph_status_check() {
  # departs: json
  settle 'ceph to be healthy' judge_ceph_checks quorum osds pgs
  pass_unless_found 'ceph reports no problem, apart from quorum, OSDs and placement groups, which the next checks judge'
  ask_ceph -s 2>&1 | to_log
}
