# Why instances did not move live: one that is refused is its own case; two that are refused for their hosts' CPUs are the case of all.

# Run by root on the node: what its nova-compute says of live migrations that failed, the latest last.
migration_failures() {
  if [[ ! -r /var/log/nova/nova-compute.log ]]; then return 0; fi
  tail --lines=5000 -- /var/log/nova/nova-compute.log |
    awk '/Live Migration failure|pre-check error|Unacceptable CPU info/ { print substr($0, 1, 600) }' | tail --lines=200
}

# tell_why_they_stay NODE STUCK: for an apply, before what stays is taken down under the policy STUCK. Says of each cause once how many
# have it, and what to do; and what comes next where it is one of the hosts.
tell_why_they_stay() {
  local node=$1 ids said line id
  local hex='[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
  local -i stay=0 by_hosts=0
  local -A failure=() told=()
  ids=$(instances_that_stay "$node")
  if [[ -z $ids ]]; then return 0; fi
  said=$(as_root_on "$node" migration_failures)
  while IFS= read -r line; do
    if [[ $line =~ instance:\ ($hex)\] ]]; then failure[${BASH_REMATCH[1]}]=$line; fi
  done <<<"$said"
  for id in $ids; do
    stay+=1
    line=${failure[$id]-}
    look_up_cure "$node" "$line"
    if [[ -z $CURE_ID ]]; then continue; fi
    if [[ $CURE_ID == cpu_differs ]]; then by_hosts+=1; fi
    if [[ -z ${told[$CURE_ID]-} ]]; then tell_refusal "$id" "$line"; fi
    told[$CURE_ID]=yes
  done
  if ((by_hosts == 0)); then count_refused_at_once "$node"; fi
  if ((by_hosts > 1)); then tell_of_hosts "$node" "$2" "$by_hosts" "$stay"; fi
}

# Uses CAUSE and CURE. The failure's words are kept for a stop that may come of it.
tell_refusal() {
  printf '%s\n' "$2" 2>/dev/null >>"$SCRATCH/attempts" || :
  note "$1 cannot be live-migrated: $CAUSE"
  note "to do: $CURE"
}

# count_refused_at_once NODE: sets by_hosts, by what nova's client printed. Each has been asked twice.
count_refused_at_once() {
  local line
  local -i lines=0
  hear_log
  for line in "${HEARD[@]+"${HEARD[@]}"}"; do
    look_up_cure "$1" "$line"
    if [[ $CURE_ID != cpu_differs ]]; then continue; fi
    lines+=1
    if ((lines == 1)); then tell_refusal "an instance of $1" "$line"; fi
  done
  by_hosts=$(((lines + 1) / 2))
}

# tell_of_hosts NODE STUCK REFUSED STAY
tell_of_hosts() {
  local comes
  note "so are $3 instances of $1: this is a property of the two hosts, not of the instances, and none can be live-migrated between them"
  case $2 in
    cold) comes='is migrated cold now, one after the other, and is down meanwhile' ;;
    stop) comes='is stopped now, and started again after the reboot' ;;
    leave) comes='goes down with the node, and is started again after it' ;;
    *) return 0 ;;
  esac
  note "by compute_reboot.stuck: $2 each of the $4 that are still there $comes; if that is not wanted for so many: Ctrl-C now, do the above, run the section again"
}
