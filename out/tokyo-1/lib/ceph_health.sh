# Ceph's health, check by check. What has been amber for years, and is no harm to a reboot, may be accepted in the spec (accept.ceph).

# find_ceph_checks: sets SAID: WORD, NAME, TEXT, REASON of each that is not OK (parse_ceph.py says the words), nothing where all are.
find_ceph_checks() { kept ceph_checks fetch_ceph_checks || return 2; }
fetch_ceph_checks() {
  kept ceph_answer hear ask_ceph -s --format json || return 2
  parsed ceph checks "$BUNDLE/lib/accepted.tsv" <<<"$SAID" || return 2
}

find_ceph_health() {
  local status
  find_ceph_status || return 2
  status=$SAID
  find_value health "$status" || return 2
}

# ceph_healthy: HEALTH_OK, or nothing that the spec has not accepted.
ceph_healthy() {
  local health word name text reason remedy accepted='' amber='' others=''
  local -a names=()
  find_ceph_health || return 2
  health=$SAID
  find_ceph_checks || return 2
  while IFS=$'\t' read -r word name text reason; do
    case $word in
      '') ;;
      accepted) accepted+="; $name is accepted by the spec ($reason): $text" ;;
      amber) amber+=", $name ($text)" names+=("$name") ;;
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
    why "ceph reports $health${others:+: ${others#, }}" 'sudo ceph health detail'
  fi
  [[ $health == HEALTH_WARN && -z $amber && -z $others && -n $accepted ]] || return 1
  why "ceph reports $health, and nothing but what is accepted: ${accepted#; }"
}

# way_to_accept NAME...: the line of the spec, as it can be pasted.
way_to_accept() {
  local entries
  printf -v entries ', {check: %s, reason: "WHY"}' "$@"
  printf 'mend it (sudo ceph health detail); if it is to stay so, say why in the spec, and compile again: accept: {ceph: [%s]}' "${entries#, }"
}

# judge_ceph_checks [WORD...]: what is not OK. Of the checks whose word is named here another check speaks.
judge_ceph_checks() {
  local health word name text reason spoken=" $* "
  if ! find_ceph_health || ! health=$SAID || ! find_ceph_checks; then
    read_why
    not_yet "cannot tell: ${WHY:-ceph does not say how it is}" "${REMEDY:-sudo ceph health detail}"
    return
  fi
  if [[ $health != HEALTH_OK && -z $SAID ]]; then not_yet "ceph reports $health, and does not say why" 'sudo ceph health detail'; fi
  while IFS=$'\t' read -r word name text reason; do
    if [[ -z $word || $spoken == *" $word "* ]]; then continue; fi
    case $word in
      accepted) pass "ceph: $name is accepted by the spec ($reason): $text" ;;
      amber) fail "ceph reports $health: $name: $text" "$(way_to_accept "$name")" ;;
      harm) fail "ceph reports $health: $name: $text" 'sudo ceph health detail' ;;
      *) not_yet "ceph reports $health: $name: $text" 'sudo ceph health detail' ;;
    esac
  done <<<"$SAID"
}

# tell_of_gone_osds: an OSD that is down, out and empty is not waited for, and is told of.
tell_of_gone_osds() {
  local word name node
  find_osds_down || return 0
  while IFS=$'\t' read -r word name node; do
    if [[ $word != gone ]]; then continue; fi
    warn "$name on $node is down, out and empty: nothing waits for it" \
      "to make the cluster forget it: sudo ceph osd crush remove $name; sudo ceph auth del $name; sudo ceph osd rm $name"
  done <<<"$SAID"
}
