# Our claims are there if an earlier run was cut short; its gates were passed then, and a node may be down now.
hold_rebalancing_requires() { either claimed ceph-flag noout -- ceph_may_lose_a_node ceph_osd_nodes; }
hold_rebalancing_satisfied() { ceph_is_held; }
hold_rebalancing_apply() {
  local monitor
  monitor=$(one_of ceph_mons)
  # departs: known
  keep_ceph_warnings
  # departs: claim
  claim ceph-flag noout
  on "$monitor" sudo ceph osd set noout
  claim ceph-flag norebalance
  on "$monitor" sudo ceph osd set norebalance
}
hold_rebalancing_verify() { ceph_is_held; }
