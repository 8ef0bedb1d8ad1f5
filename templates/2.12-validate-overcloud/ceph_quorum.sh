ceph_quorum_check() {
  settle 'every Ceph monitor to be in the quorum' judge_soon ceph_in_full_quorum
  pass_unless_found "all $CEPH_MONITORS Ceph monitors are in the quorum"
}
