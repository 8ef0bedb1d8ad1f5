# The Ceph cluster, asked through the first monitor that answers.

# one_of GROUP: the first node of the group that answers ssh.
one_of() {
  local node
  while IFS= read -r node; do
    if on "$node" true; then
      printf '%s' "$node"
      return 0
    fi
  done < <(nodes_in "$1")
  why "no node of the group $1 answers ssh" './runbook trust, and look at the nodes'
  return 2
}

ask_ceph() {
  local monitor
  monitor=$(one_of ceph_mons) || return 2
  on "$monitor" sudo ceph "$@"
}

# ceph_field WORD: one field of `ceph -s`: health, monitors, in_quorum, osds, osds_up, pgs, pgs_clean, states
ceph_field() {
  local status
  status=$(ask_ceph -s --format json) || return 2
  parse ceph status <<<"$status" | awk -v word="$1" '$1 == word { sub(/^[^ ]+ /, ""); print; found = 1 } END { exit !found }'
}

ceph_flag() {
  local dump flags
  dump=$(ask_ceph osd dump --format json) || return 2
  flags=$(parse ceph flags <<<"$dump") || return 2
  [[ $'\n'$flags$'\n' == *$'\n'"$1"$'\n'* ]]
}

ceph_in_full_quorum() {
  local monitors in_quorum
  monitors=$(ceph_field monitors) || return 2
  in_quorum=$(ceph_field in_quorum) || return 2
  why "$in_quorum of $monitors Ceph monitors are in the quorum, and the spec has $CEPH_MONITORS" 'bring the monitors back first'
  ((in_quorum == monitors && monitors == CEPH_MONITORS))
}

ceph_all_osds_up() {
  local osds up
  osds=$(ceph_field osds) || return 2
  up=$(ceph_field osds_up) || return 2
  why "$up of $osds OSDs are up" 'sudo ceph osd tree'
  ((up == osds && osds > 0))
}

# Scrubbing is clean too; what counts is that every placement group is.
ceph_all_pgs_clean() {
  local total clean states
  total=$(ceph_field pgs) || return 2
  clean=$(ceph_field pgs_clean) || return 2
  states=$(ceph_field states) || return 2
  why "$clean of $total placement groups are active+clean ($states)" 'sudo ceph health detail'
  ((clean == total && total > 0))
}

ceph_healthy() {
  local health
  health=$(ceph_field health) || return 2
  why "ceph reports $health" 'sudo ceph health detail'
  [[ $health == HEALTH_OK ]]
}

# Flags are claimed in the cluster's own key store.
ceph_claim_key() { printf 'osp-runbook/%s/%s' "$CHANGE" "$1"; }

claims_of_ceph_flag() {
  local keys
  keys=$(ask_ceph config-key list --format json) || return 2
  parse ceph keys "$(ceph_claim_key '')" <<<"$keys"
}

claimed_ceph_flag() {
  local claims
  claims=$(claims_of_ceph_flag) || return 2
  [[ $'\n'$claims$'\n' == *$'\n'"$1"$'\n'* ]]
}

claim_ceph_flag() {
  local monitor
  answer claimed_ceph_flag "$1"
  if [[ $ANSWER == yes ]]; then return; fi
  answer ceph_flag "$1"
  if [[ $ANSWER == yes ]]; then
    complain "$1 was set by somebody else since the step began; it is not ours to take"
    exit 1
  fi
  monitor=$(one_of ceph_mons)
  on "$monitor" sudo ceph config-key put "$(ceph_claim_key "$1")" "$(date --utc +%Y-%m-%dT%H:%M:%SZ)"
}

release_ceph_flag() {
  local monitor
  monitor=$(one_of ceph_mons)
  on "$monitor" sudo ceph config-key del "$(ceph_claim_key "$1")"
}

# no_foreign_ceph_flag FLAG: it is not set, or it is ours.
no_foreign_ceph_flag() {
  local status
  ceph_flag "$1"
  status=$?
  case $status in
    0)
      why "$1 is already set, and not by this change" "find out who set it; to go on under it: ./runbook attest 2.08/1 REASON"
      claimed_ceph_flag "$1"
      ;;
    1) return 0 ;;
    *) return 2 ;;
  esac
}

# Before the first node goes down.
ceph_may_lose_a_node() {
  no_foreign_ceph_flag noout && no_foreign_ceph_flag norebalance && ceph_in_full_quorum && ceph_all_osds_up && ceph_all_pgs_clean
}
