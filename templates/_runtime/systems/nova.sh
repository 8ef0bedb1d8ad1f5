# Nova's compute services: which host a node is, whether it takes instances, and if not, who disabled it; and why an instance was not live-migrated.

# find_compute_services [OPTION...]: sets SAID: HOST, BINARY, STATUS, STATE, REASON of every compute, or of those that the options choose.
find_compute_services() { find_cloud_rows services openstack compute service list --service nova-compute "$@" --long -f json; }

# find_names_of_computes: sets SAID: what nova calls them, asked once a run: on a large site the list is long.
find_names_of_computes() {
  local known=$SCRATCH/names-of-computes name names=''
  if [[ ! -s $known ]]; then
    find_compute_services || return 2
    if [[ -z $SAID ]]; then
      why 'nova lists no compute service at all' 'rc: openstack compute service list'
      return 2
    fi
    while IFS=$'\t' read -r name _; do names+=$name$'\n'; done <<<"$SAID"
    # whole or not at all
    printf '%s' "$names" >"$known.new" || return 2
    mv -- "$known.new" "$known" || return 2
  fi
  IFS= read -r -d '' SAID <"$known" || [[ -n $SAID ]] || return 2
}

# find_compute_host NODE: sets SAID: nova's name for it, looked up once a run. Nova knows a node by its full name, and answers a wrong one
# with an empty list, which looks like an empty node: exactly one service must have the node's name, or begin with it and a dot.
find_compute_host() {
  local known=$SCRATCH/compute-host-$1 name host=''
  local -i count=0
  if [[ -s $known ]]; then
    read -r SAID <"$known" || return 2
    return
  fi
  find_names_of_computes || return 2
  while read -r name; do
    if is_host_of "$name" "$1"; then host=$name count+=1; fi
  done <<<"$SAID"
  if ((count != 1)); then
    why "nova has $count compute services named $1; exactly one is needed" 'correct the name in the spec ;; rc: openstack compute service list'
    return 2
  fi
  # read back only if it was written whole
  printf '%s\n' "$host" >"$known" || return 2
  SAID=$host
}
# The same, printed, for an apply.
compute_host() { printed find_compute_host "$@"; }

# look_at_compute NODE: sets COMPUTE_STATUS, COMPUTE_STATE and COMPUTE_REASON by the row of its service.
look_at_compute() {
  local host
  find_compute_host "$1" || return 2
  host=$SAID
  find_compute_services --host "$host" || return 2
  if [[ -z $SAID || $SAID == *$'\n'* ]]; then
    why "nova does not list exactly one compute service on $host" 'rc: openstack compute service list'
    return 2
  fi
  IFS=$'\t' read -r _ _ COMPUTE_STATUS COMPUTE_STATE COMPUTE_REASON <<<"$SAID" || return 2
  [[ -n $COMPUTE_REASON ]] || return 2
}

# evacuation_names_one_compute NODE: `nova host-evacuate-live` takes its argument for a pattern and empties every compute whose name holds it.
evacuation_names_one_compute() {
  local host names others name listed=no
  find_compute_host "$1" || return 2
  host=$SAID
  hear_overcloud openstack hypervisor list -f value -c 'Hypervisor Hostname' || {
    why "nova does not list its hypervisors: $(said_last)" 'rc: openstack hypervisor list'
    return 2
  }
  names=$SAID
  # (a list without the one that is asked about is not whole)
  while read -r name; do
    if is_host_of "$name" "$1"; then listed=yes; fi
  done <<<"$names"
  why "nova does not list $1 among its hypervisors" 'rc: openstack hypervisor list'
  [[ $listed == yes ]] || return 2
  others=$(awk -v host="$host" 'tolower($1) != tolower(host) && index(tolower($1), tolower(host)) { print $1 }' <<<"$names") || return 2
  why "nova host-evacuate-live $host would also empty ${others//$'\n'/, }: the name of $1 is part of theirs" \
    'set compute_reboot: {migrate: scheduler} in the spec, and compile again: it moves the instances of one compute only'
  [[ -z $others ]] || return 1
  why "no other compute's name contains $host"
}

# takes_no_instances NODE: nova schedules nothing to this compute.
takes_no_instances() {
  look_at_compute "$1" || return 2
  why "nova-compute on $1 is $COMPUTE_STATUS"
  [[ $COMPUTE_STATUS == disabled ]]
}

takes_instances() {
  look_at_compute "$1" || return 2
  why "nova-compute on $1 is $COMPUTE_STATUS; the reason given: $COMPUTE_REASON" 'ask whoever disabled it ;; rc: openstack compute service list --long'
  [[ $COMPUTE_STATUS == enabled ]] || return 1
  why "nova-compute on $1 is enabled"
}

# claims_of_nova_service NODE: sets SAID: its name, if this change has disabled it: the reason begins with the change, and so outlives a lost
# journal. One call to nova disables and claims it.
claims_of_nova_service() {
  look_at_compute "$1" || return 2
  SAID=''
  if [[ $COMPUTE_STATUS == disabled && $COMPUTE_REASON == "$CHANGE:"* ]]; then SAID=$1; fi
}

claimed_nova_service() {
  claims_of_nova_service "$1" || return 2
  if [[ -z $SAID ]]; then
    why "nova-compute on $1 was not disabled by this change"
    return 1
  fi
}

compute_service_up() {
  look_at_compute "$1" || return 2
  why "nova-compute on $1 is $COMPUTE_STATE" "on $1: sudo systemctl status openstack-nova-compute"
  [[ $COMPUTE_STATE == up ]]
}

# network_agents_alive_on NODE: it has the agents of its roles, and all that are enabled live. Without them an instance starts without a network.
network_agents_alive_on() {
  local host kind alive state dead=''
  local -i here=0
  find_network_agents || return 2
  while IFS=$'\t' read -r host kind alive state; do
    if ! is_host_of "$host" "$1"; then continue; fi
    here+=1
    if [[ $state == UP && $alive != True ]]; then dead+=", $kind"; fi
  done <<<"$SAID"
  if ((here == 0)); then
    needs_no_network_agents "$1" || return
    why 'nova-compute is up, and no network agent is expected there'
    return 0
  fi
  why "agents not alive on $1: ${dead#, }" "on $1: sudo systemctl status 'neutron-*'"
  [[ -z $dead ]] || return 1
  why 'nova-compute is up, and the agents are alive'
}

# compute_serves NODE: its nova-compute is up, and so are its network agents.
compute_serves() { compute_service_up "$1" && network_agents_alive_on "$1"; }

# Why instances were not live-migrated: if one is refused, that is its own case; if two are refused for their hosts' CPUs, it is the case of all.

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
  said=$(printed hear_root_on "$node" migration_failures)
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

# Says what look_up_cure has found. The failure's words are kept for a stop that may follow.
tell_refusal() {
  printf '%s\n' "$2" 2>/dev/null >>"$SCRATCH/attempts" || :
  note "$1 cannot be live-migrated: $CAUSE"
  say_cure
}

# count_refused_at_once NODE: sets by_hosts, by what nova's client printed. Each has been asked twice.
count_refused_at_once() {
  local line at
  local -i lines=0
  hear_log
  for at in "${!HEARD[@]}"; do
    line=${HEARD[at]}
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
