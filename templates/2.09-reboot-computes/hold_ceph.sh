# The flags of 2.08, for a node that carries OSDs as well. Its commands, and those that lift the flags, are written out here too: who signs for a script
# reads what runs in the step that runs it.
hold_ceph_requires() { on_hyperconverged "$1" either claimed ceph-flag noout -- ceph_may_lose_a_node hyperconverged; }
hold_ceph_satisfied() { on_hyperconverged "$1" ceph_is_held; }
hold_ceph_apply() {
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
hold_ceph_verify() { ceph_is_held; }
