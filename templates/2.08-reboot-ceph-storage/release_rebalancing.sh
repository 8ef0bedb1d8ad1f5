release_rebalancing_requires() { ceph_needs_no_flags; }
release_rebalancing_satisfied() { ceph_is_released; }
release_rebalancing_apply() {
  local monitor
  insist ceph_needs_no_flags
  monitor=$(one_of ceph_mons)
  # departs: ours
  when_yes claimed ceph-flag noout -- on "$monitor" sudo ceph osd unset noout
  when_yes claimed ceph-flag noout -- release_claim ceph-flag noout
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  when_yes claimed ceph-flag norebalance -- release_claim ceph-flag norebalance
}
release_rebalancing_verify() { ceph_is_released; }
release_rebalancing_rescue() { rescue_ceph; }
