# What this change has begun and not ended: a run, reboots of nodes, switches that are turned.

# show_what_runs: the run that holds the site's lock, and the step it is at.
show_what_runs() {
  local file=$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME.lock
  if [[ ! -f $file ]] || flock --nonblock --shared "$file" true 2>/dev/null; then return 0; fi
  say "${YELLOW}running${PLAIN}: $(plain "$(tail --lines=1 -- "$file")")"
  if [[ -e $STATE/journal.tsv ]]; then
    note "$(tail --lines=1 -- "$STATE/journal.tsv" | awk -F '\t' '{ print "at " $6, $7 ", " $8 ", since " $1 }' | legible)"
  fi
}

# show_what_is_open: the site is asked only where this change has begun something.
show_what_is_open() {
  local open
  if ! awk -F '\t' '$8 == "start" { found = 1 } END { exit !found }' "$STATE/journal.tsv" 2>/dev/null; then return 0; fi
  for open in every_node_is_back no_flag_of_ours no_compute_of_ours; do
    ask "$open"
    case $ANSWER in
      no) say "${RED}open${PLAIN}: $WHY; $REMEDY" ;;
      unknown) say "${YELLOW}cannot tell${PLAIN}: $WHY" ;;
    esac
  done
}

# last_start_at NODE: when a step last began there, and of which section, by the journal.
last_start_at() { awk -F '\t' -v node="$1" '$7 == node && $8 == "start" { row = $1 "\t" $5 } END { print row }' "$STATE/journal.tsv" 2>/dev/null; }

# every_node_is_back: if not, which ones are away, and since when by the journal.
every_node_is_back() {
  local mark node away='' again='' when section
  for mark in "$STATE"/rebooting-*; do
    if [[ ! -e $mark ]]; then continue; fi
    node=${mark##*/rebooting-}
    IFS=$'\t' read -r when section < <(last_start_at "$node") || :
    away+="${away:+, }$node is rebooting${when:+ (since $when)} and has not come back yet"
    if [[ $section =~ ^[0-9.]+$ && ", $again," != *", $section,"* ]]; then again+="${again:+, }$section"; fi
  done
  why "$away" "run its section again${again:+: $again}"
  [[ -z $away ]]
}

no_flag_of_ours() {
  if ((CEPH_MONITORS == 0)); then return 0; fi
  no_claims ceph-flag
}

no_compute_of_ours() {
  local rows ours
  if (($(count_of computes) == 0)); then return 0; fi
  rows=$(list_rows services with_overcloudrc openstack compute service list --long -f json) || return 2
  ours=$(awk -F '\t' -v change="$CHANGE:" '$3 == "disabled" && index($5, change) == 1 { print $1 }' <<<"$rows") || return 2
  why "nova-compute is still disabled by this change: ${ours//$'\n'/, }" "run $(section_named reboot-computes) again"
  [[ -z $ours ]]
}
