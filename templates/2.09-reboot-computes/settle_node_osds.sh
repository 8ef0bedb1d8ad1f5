# The commands are those of 2.08, written out here too: see hold_ceph.
settle_node_osds_requires() { opposite is_rebooting "$1"; }
settle_node_osds_satisfied() { on_hyperconverged "$1" either another_is_away "$1" -- ceph_has_back "$1"; }
settle_node_osds_apply() {
  local monitor
  monitor=$(one_of ceph_mons)
  wait_until "$TIMEOUT_CEPH_CLEAN" 'all OSDs to be up' ceph_all_osds_up
  # departs: lift
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  wait_until "$TIMEOUT_CEPH_CLEAN" 'every placement group to be active+clean' ceph_all_pgs_clean
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd set norebalance
  on "$monitor" sudo ceph -s
}
settle_node_osds_verify() { ceph_has_back "$1"; }
