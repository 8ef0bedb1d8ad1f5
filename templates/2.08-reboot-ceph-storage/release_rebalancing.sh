release_rebalancing_requires() { ceph_all_osds_up; }
release_rebalancing_satisfied() { no_claims ceph-flag; }
release_rebalancing_apply() {
  local monitor
  monitor=$(one_of ceph_mons)
  # departs: ours
  when_yes claimed ceph-flag noout -- on "$monitor" sudo ceph osd unset noout
  when_yes claimed ceph-flag noout -- release_claim ceph-flag noout
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  when_yes claimed ceph-flag norebalance -- release_claim ceph-flag norebalance
}
release_rebalancing_verify() { no_claims ceph-flag; }
# After a failure norebalance goes at once; noout goes only if every OSD is up.
release_rebalancing_rescue() {
  local monitor
  monitor=$(one_of ceph_mons)
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  when_yes claimed ceph-flag norebalance -- release_claim ceph-flag norebalance
  answer claimed ceph-flag noout
  if [[ $ANSWER == no ]]; then return; fi
  answer ceph_all_osds_up
  if [[ $ANSWER == no ]]; then
    complain "noout STAYS SET: $WHY. Unsetting it now would start a rebuild. When all OSDs are up again:"
    complain "  run this section again, or on $monitor: sudo ceph osd unset noout"
    return
  fi
  on "$monitor" sudo ceph osd unset noout
  release_claim ceph-flag noout
}
