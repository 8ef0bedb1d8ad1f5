ceph_status_check() {
  # departs: json
  settle 'ceph to be well' judge_ceph_checks quorum osds pgs
  pass_unless_found 'ceph reports nothing amiss but what the next checks judge: quorum, OSDs, placement groups'
  ask_ceph -s 2>&1 | to_log
}
