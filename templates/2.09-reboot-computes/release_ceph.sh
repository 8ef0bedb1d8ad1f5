# The commands are those of 2.08, written out here too: see hold_ceph.
release_ceph_requires() { ceph_needs_no_flags; }
release_ceph_satisfied() { on_hyperconverged "$1" ceph_is_released; }
release_ceph_apply() {
  local monitor
  insist ceph_needs_no_flags
  monitor=$(one_of ceph_mons)
  # departs: ours
  when_yes claimed ceph-flag noout -- on "$monitor" sudo ceph osd unset noout
  when_yes claimed ceph-flag noout -- release_claim ceph-flag noout
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  when_yes claimed ceph-flag norebalance -- release_claim ceph-flag norebalance
}
release_ceph_verify() { ceph_is_released; }
release_ceph_rescue() { rescue_ceph; }
