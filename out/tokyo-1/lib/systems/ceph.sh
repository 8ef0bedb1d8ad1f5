# The Ceph cluster, asked through the first monitor that answers.

# A cluster without a quorum answers nobody: ceph would wait five minutes for it.
ask_ceph() {
  local status=0 monitor
  on_one_of ceph_mons sudo ceph --connect-timeout 30 "$@" || status=$?
  if ((status == 0 || status == 255)); then return "$status"; fi
  monitor=$(<"$SCRATCH/spoke")
  why "the Ceph cluster does not answer on $monitor: $(said_last)" "on $monitor: sudo ceph health detail"
  return 2
}

# find_ceph_status: sets SAID: `ceph -s` in one view, a `word value` a line: health, monitors, in_quorum, osds, osds_up, pgs, pgs_clean, states
find_ceph_status() {
  kept ceph_status fetch_ceph_status || return 2
}
fetch_ceph_status() {
  kept ceph_answer hear ask_ceph -s --format json || return 2
  parsed ceph status <<<"$SAID" || return 2
}

ceph_flag() {
  kept ceph_flags fetch_ceph_flags || return 2
  if [[ $'\n'$SAID$'\n' != *$'\n'"$1"$'\n'* ]]; then
    why "the flag $1 is not set" 'run this section again: it sets what it needs'
    return 1
  fi
}
fetch_ceph_flags() {
  hear ask_ceph osd dump --format json || return 2
  parsed ceph flags <<<"$SAID" || return 2
}

ceph_in_full_quorum() {
  local status monitors in_quorum
  find_ceph_status || return 2
  status=$SAID
  find_value monitors "$status" || return 2
  monitors=$SAID
  find_value in_quorum "$status" || return 2
  in_quorum=$SAID
  numbers monitors in_quorum || return 2
  why "$in_quorum of $monitors Ceph monitors are in the quorum, and the spec has $CEPH_MONITORS" 'bring the monitors back first'
  ((in_quorum == monitors && monitors == CEPH_MONITORS))
}

# An OSD that is out for good, and empty, is not one that a node must bring back.
ceph_all_osds_up() {
  local status osds up word name node down='' nodes=''
  local -i gone=0
  find_ceph_status || return 2
  status=$SAID
  find_value osds "$status" || return 2
  osds=$SAID
  find_value osds_up "$status" || return 2
  up=$SAID
  numbers osds up || return 2
  why "$up of $osds OSDs are up" 'on monitor: sudo ceph osd tree'
  if ((up == osds)); then
    ((osds > 0))
    return
  fi
  find_osds_down || return 2
  while IFS=$'\t' read -r word name node; do
    if [[ $word == gone ]]; then
      gone+=1
    elif [[ -n $name ]]; then
      down+=", $name on $node"
      if [[ $nodes != *" on $node:"* ]]; then nodes+=" ;; on $node: sudo ceph-disk activate-all"; fi
    fi
  done <<<"$SAID"
  if [[ -n $down ]]; then
    why "$up of $osds OSDs are up; down: ${down#, }" \
      "where a disk is dead, take its OSD out with sudo ceph osd out: it no longer counts once it is empty$nodes"
  fi
  ((up > 0 && up + gone == osds))
}

# find_osds_down: sets SAID: `gone` (out, and without a placement group) or `down`, OSD, NODE of each that is not up.
find_osds_down() { kept ceph_osds_down fetch_osds_down || return 2; }
fetch_osds_down() {
  local tree
  hear ask_ceph osd tree --format json || return 2
  tree=$SAID
  hear ask_ceph osd df --format json || return 2
  parsed ceph down <<<"[$tree,$SAID]" || return 2
}

# A placement group that is being scrubbed is clean too; all of them have to be.
ceph_all_pgs_clean() {
  local status total clean states
  find_ceph_status || return 2
  status=$SAID
  find_value pgs "$status" || return 2
  total=$SAID
  find_value pgs_clean "$status" || return 2
  clean=$SAID
  numbers total clean || return 2
  find_value states "$status" || return 2
  states=$SAID
  why "$clean of $total placement groups are active+clean ($states)" 'on monitor: sudo ceph health detail'
  ((clean == total && total > 0))
}

# Flags are claimed in the cluster's own key store, by keys that begin with this.
CEPH_CLAIMS=osp-runbook/$CHANGE/

claims_of_ceph_flag() {
  kept ceph_keys hear ask_ceph config-key list --format json || return 2
  parsed ceph keys "$CEPH_CLAIMS" <<<"$SAID"
}

claimed_ceph_flag() {
  claims_of_ceph_flag || return 2
  has_line "$1" "$SAID"
}

claim_ceph_flag() {
  local monitor
  answer claimed_ceph_flag "$1"
  if [[ $ANSWER == yes ]]; then return; fi
  answer ceph_flag "$1"
  if [[ $ANSWER == yes ]]; then
    give_up "somebody else set $1 after this step began; find out who, then run this section again"
  fi
  monitor=$(one_of ceph_mons)
  on "$monitor" sudo ceph config-key put "$CEPH_CLAIMS$1" "$(date --utc +%Y-%m-%dT%H:%M:%SZ)"
}

release_ceph_flag() {
  local monitor
  monitor=$(one_of ceph_mons)
  on "$monitor" sudo ceph config-key del "$CEPH_CLAIMS$1"
}

# no_foreign_ceph_flag FLAG: it is not set, or it is ours.
no_foreign_ceph_flag() {
  local status step
  ceph_flag "$1"
  status=$?
  case $status in
    0)
      find_step hold_rebalancing || SAID=''
      step=${CURRENT_ROW:+${STEP_ID[CURRENT_ROW]}}
      step=${step:-$SAID}
      why "$1 is already set, and not by this change" "find out who set it; to continue with their flags in place: ./runbook attest $step REASON"
      claimed_ceph_flag "$1"
      ;;
    1) return 0 ;;
    *) return 2 ;;
  esac
}

# ceph_may_lose_a_node GROUP: before the flags are set.
ceph_may_lose_a_node() { no_foreign_ceph_flag noout && no_foreign_ceph_flag norebalance && ceph_can_spare_a_node "$1"; }

# ceph_can_spare_a_node GROUP: the cluster is whole; or it recovers because this change has rebooted a node of the group, and the run may
# continue: its next steps wait for that, and no other node goes down before it is over.
ceph_can_spare_a_node() { either ceph_recovers_from_us "$1" -- ceph_is_whole; }
ceph_is_whole() { ceph_in_full_quorum && ceph_all_osds_up && ceph_all_pgs_clean; }
ceph_recovers_from_us() {
  opposite ceph_all_pgs_clean && ceph_in_full_quorum && ceph_all_osds_up && one_was_rebooted "$1"
}

# Before one node after another goes down: the flags hold, and what the last one took with it is back.
ceph_holds_for_a_reboot() { ceph_flag noout && ceph_flag norebalance && ceph_all_osds_up && ceph_all_pgs_clean; }

# Both flags are set, and both are ours.
ceph_is_held() {
  claimed ceph-flag noout && ceph_flag noout && claimed ceph-flag norebalance && ceph_flag norebalance &&
    why 'noout and norebalance are set by this change'
}

# ceph_is_released: no flag is on record as ours.
ceph_is_released() { no_claims ceph-flag && why 'no flag is set by this change'; }

# ceph_has_back NODE: it is up again, and so is what it took with it.
ceph_has_back() { opposite is_rebooting "$1" && ceph_all_osds_up && ceph_all_pgs_clean; }

# The flags may go: every OSD is up, and this change is rebooting no node. Right after its reboot was asked for, the cluster still calls a node up.
ceph_needs_no_flags() { nobody_is_rebooting && ceph_all_osds_up; }

# Of a group's step: what is asked of hyperconverged nodes alone.
on_hyperconverged() { either not_in_group "$1" hyperconverged -- "${@:2}"; }

# After a failure norebalance goes at once; noout only if every OSD is up; if it stays, that is reported.
rescue_ceph() {
  local monitor
  monitor=$(one_of ceph_mons)
  when_yes claimed ceph-flag norebalance -- on "$monitor" sudo ceph osd unset norebalance
  when_yes claimed ceph-flag norebalance -- release_claim ceph-flag norebalance
  answer claimed ceph-flag noout
  if [[ $ANSWER == no ]]; then return; fi
  ask ceph_needs_no_flags
  if [[ $ANSWER != yes ]]; then
    complain "noout STAYS SET: ${WHY:-the cluster does not answer}. Unsetting it now would start a rebuild. When all OSDs are up again:"
    complain "  run this section again, or: $(shown_remedy "on $monitor: sudo ceph osd unset noout")"
    return
  fi
  on "$monitor" sudo ceph osd unset noout
  release_claim ceph-flag noout
}

# Ceph's health, check by check. What has been amber for years and does not affect a reboot may be accepted in the spec (accept.ceph).

# find_ceph_checks: sets SAID: WORD, NAME, TEXT, REASON of each that is not OK (parse/ceph.py says the words), nothing where all are.
find_ceph_checks() { kept ceph_checks fetch_ceph_checks || return 2; }
fetch_ceph_checks() {
  kept ceph_answer hear ask_ceph -s --format json || return 2
  parsed ceph checks "$COPY/lib/accepted.tsv" <<<"$SAID" || return 2
}

find_ceph_health() {
  local status
  find_ceph_status || return 2
  status=$SAID
  find_value health "$status" || return 2
}

# What Ceph warned of before this change set its flags the reboots have not brought: at their end it is reported, and does not fail the section. 2.00
# has asked for it to be accepted, and 2.12 does.

# keep_ceph_warnings: in an apply, before the flags are set; the first list counts.
keep_ceph_warnings() {
  local names
  names=$(printed find_ceph_checks | awk -F '\t' '$1 == "amber" && !seen[$2]++ { print $2 }')
  as_root write_first_record "$RECORDS/ceph-warnings" "$names"
}

# ceph_healthy: HEALTH_OK, or nothing that the spec has not accepted and that was not there before the flags.
ceph_healthy() {
  local health word name text reason remedy known accepted='' amber='' others='' before=''
  local -a names=()
  find_record ceph-warnings || return 2
  known=$SAID
  find_ceph_health || return 2
  health=$SAID
  find_ceph_checks || return 2
  while IFS=$'\t' read -r word name text reason; do
    case $word in
      '') ;;
      accepted) accepted+="; $name is accepted by the spec ($reason): $text" ;;
      amber)
        if has_line "$name" "$known"; then
          before+="; $name was there before this section began: $text"
        else
          amber+=", $name ($text)" names+=("$name")
        fi
        ;;
      *) others+=", $name ($text)" ;;
    esac
  done <<<"$SAID"
  why "ceph reports $health"
  if [[ $health == HEALTH_OK ]]; then return 0; fi
  if [[ -n $amber && -z $others ]]; then
    remedy=$(way_to_accept "${names[@]}") || return 2
    why "ceph reports $health: ${amber#, }" "$remedy"
  else
    others+=$amber
    why "ceph reports $health${others:+: ${others#, }}" 'on monitor: sudo ceph health detail'
  fi
  [[ $health == HEALTH_WARN && -z $amber && -z $others && -n $accepted$before ]] || return 1
  accepted+=$before
  why "ceph reports $health, all of it accepted by the spec or older than this section: ${accepted#; }"
}

# judge_ceph_health: for a check after reboots. The monitors need a moment to clear the warning about the flags; they compare their clocks every
# five minutes only, so that a warning that passes by itself gets its time.
judge_ceph_health() {
  local why remedy
  poll 60 'ceph to report HEALTH_OK, or accepted checks only' ceph_healthy
  if [[ $WAITED == no ]]; then
    why=$WHY remedy=$REMEDY
    ask ceph_warns_for_a_while
    if [[ $ANSWER == yes ]]; then
      poll "$TIMEOUT_SETTLE" 'the warning of ceph that passes by itself' ceph_healthy
    else
      WHY=$why REMEDY=$remedy
    fi
  fi
  if [[ $WAITED == yes ]]; then
    pass "$WHY"
    tell_of_old_warnings
  else
    fail "$WHY" "${REMEDY:-on monitor: sudo ceph health detail}"
  fi
}

# ceph_warns_for_a_while: something may pass by itself after a reboot; all else is accepted by the spec, or was there before.
ceph_warns_for_a_while() {
  local known
  find_record ceph-warnings || return 2
  known=$SAID
  find_ceph_checks || return 2
  awk -F '\t' -v known=" ${known//$'\n'/ } " '
    { seen[$1] }
    $1 == "amber" && index(known, " " $2 " ") { next }
    $1 != "accepted" && $1 != "soon" { bad = 1 }
    END { exit bad || !("soon" in seen) }' <<<"$SAID"
}

# tell_of_old_warnings: what is judged well only because it is older than the flags.
tell_of_old_warnings() {
  local word name text reason
  find_ceph_checks || return 0
  while IFS=$'\t' read -r word name text reason; do
    if [[ $word == amber ]]; then
      warn "ceph has warned of $name since before this section began: $text" "$(way_to_accept "$name")"
    fi
  done <<<"$SAID"
}

# way_to_accept NAME...: the line of the spec, ready to be pasted.
way_to_accept() {
  local entries
  printf -v entries ', {check: %s, reason: "WHY"}' "$@"
  printf 'fix it; or accept it by accept: {ceph: [%s]} in the spec, with the reason, and compile again ;; on monitor: sudo ceph health detail' "${entries#, }"
}

# judge_ceph_checks [WORD...]: what is not OK, without the checks whose word is given: another check judges those.
judge_ceph_checks() {
  local health word name text reason spoken=" $* "
  if ! find_ceph_health || ! health=$SAID || ! find_ceph_checks; then
    read_why
    not_yet "cannot tell: ${WHY:-ceph does not say how it is}" "${REMEDY:-on monitor: sudo ceph health detail}"
    return
  fi
  if [[ $health != HEALTH_OK && -z $SAID ]]; then not_yet "ceph reports $health, and does not say why" 'on monitor: sudo ceph health detail'; fi
  while IFS=$'\t' read -r word name text reason; do
    if [[ -z $word || $spoken == *" $word "* ]]; then continue; fi
    case $word in
      accepted) pass "ceph: $name is accepted by the spec ($reason): $text" ;;
      amber) fail "ceph reports $health: $name: $text" "$(way_to_accept "$name")" ;;
      harm) fail "ceph reports $health: $name: $text" 'on monitor: sudo ceph health detail' ;;
      *) not_yet "ceph reports $health: $name: $text" 'on monitor: sudo ceph health detail' ;;
    esac
  done <<<"$SAID"
}

# tell_of_gone_osds: an OSD that is down, out and empty is reported, and not waited for.
tell_of_gone_osds() {
  local word name node osd
  find_osds_down || return 0
  while IFS=$'\t' read -r word name node; do
    if [[ $word != gone ]]; then continue; fi
    quote_into osd "$name"
    warn "$name on $node is down, out and empty: the cluster does not need it" \
      "to make the cluster forget it ;; on monitor: sudo ceph osd crush remove $osd; sudo ceph auth del $osd; sudo ceph osd rm $osd"
  done <<<"$SAID"
}
