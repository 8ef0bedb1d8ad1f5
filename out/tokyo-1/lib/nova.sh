# Nova's compute services: which host a node is, whether it takes instances, and whose doing that is.

# compute_services [OPTION...]: HOST, BINARY, STATUS, STATE, REASON of every compute, or of those that the options choose.
compute_services() { cloud_rows services openstack compute service list --service nova-compute "$@" --long -f json; }

# names_of_computes: what nova calls them, asked once a run: on a large site the list is long.
names_of_computes() {
  local known=$SCRATCH/names-of-computes rows names
  if [[ ! -s $known ]]; then
    rows=$(compute_services) || return 2
    if [[ -z $rows ]]; then
      why 'nova lists no compute service at all' 'openstack compute service list'
      return 2
    fi
    names=$(cut --fields=1 <<<"$rows") || return 2
    # whole or not at all
    printf '%s\n' "$names" >"$known.new" || return 2
    mv -- "$known.new" "$known" || return 2
  fi
  cat -- "$known" || return 2
}

# compute_host NODE: nova's name for it, looked up once a run. Nova knows a node by its full name, and answers a wrong one with an empty
# list, which looks like an empty node: exactly one service is called as the node, or as the node and a dot.
compute_host() {
  local known=$SCRATCH/compute-host-$1 names host count
  if [[ -s $known ]]; then
    read -r host <"$known" || return 2
    printf '%s\n' "$host"
    return
  fi
  names=$(names_of_computes) || return 2
  host=$(awk -v node="$1" '$0 == node || index($0, node ".") == 1' <<<"$names") || return 2
  count=$(awk 'NF { count++ } END { print count + 0 }' <<<"$host") || return 2
  if ((count != 1)); then
    why "$count compute services of nova are called $1; one is needed" 'openstack compute service list; correct the name in the spec'
    return 2
  fi
  # read back only if it was written whole
  printf '%s\n' "$host" >"$known" || return 2
  printf '%s\n' "$host"
}

# compute_row NODE: the row of its service.
compute_row() {
  local host row
  host=$(compute_host "$1") || return 2
  row=$(compute_services --host "$host") || return 2
  if [[ -z $row || $row == *$'\n'* ]]; then
    why "nova does not list one compute service of $host" 'openstack compute service list'
    return 2
  fi
  printf '%s\n' "$row"
}

# compute_word NUMBER ROW: that field of it.
compute_word() {
  local -a words
  IFS=$'\t' read -r -a words <<<"$2" || return 2
  printf '%s\n' "${words[$1 - 1]}"
}

# evacuates_it_alone NODE: `nova host-evacuate-live` takes its argument for a pattern and empties every compute whose name holds it.
evacuates_it_alone() {
  local host names others
  host=$(compute_host "$1") || return 2
  names=$(with_overcloudrc openstack hypervisor list -f value -c 'Hypervisor Hostname') || {
    why 'nova does not list its hypervisors' 'openstack hypervisor list'
    return 2
  }
  others=$(awk -v host="$host" '$1 != host && index($1, host) { print $1 }' <<<"$names") || return 2
  why "nova host-evacuate-live $host would empty ${others//$'\n'/, } too, whose name holds that of $1" \
    'compute_reboot.migrate: scheduler in the spec moves the instances of one compute alone; compile again'
  [[ -z $others ]] || return 1
  why "$host is part of no other compute's name"
}

takes_no_instances() {
  local row status
  row=$(compute_row "$1") || return 2
  status=$(compute_word 3 "$row") || return 2
  why "nova-compute on $1 is $status"
  [[ $status == disabled ]]
}

takes_instances() {
  local row status reason
  row=$(compute_row "$1") || return 2
  status=$(compute_word 3 "$row") || return 2
  reason=$(compute_word 5 "$row") || return 2
  why "nova-compute on $1 is $status; the reason given: $reason" 'its owner knows; openstack compute service list --long'
  [[ $status == enabled ]] || return 1
  why "nova-compute on $1 is enabled"
}

# claims_of_nova_service NODE: its name, if this change has disabled it: the reason begins with the change, and so outlives a lost journal.
# Turning the switch and claiming it are one call to nova.
claims_of_nova_service() {
  local row
  row=$(compute_row "$1") || return 2
  if [[ $(compute_word 3 "$row") == disabled && $(compute_word 5 "$row") == "$CHANGE:"* ]]; then printf '%s\n' "$1"; fi
}

claimed_nova_service() {
  local claims
  claims=$(claims_of_nova_service "$1") || return 2
  if [[ -z $claims ]]; then
    why "nova-compute on $1 was not disabled by this change"
    return 1
  fi
}

compute_service_up() {
  local row state
  row=$(compute_row "$1") || return 2
  state=$(compute_word 4 "$row") || return 2
  why "nova-compute on $1 is $state" "on $1: sudo systemctl status openstack-nova-compute"
  [[ $state == up ]]
}

# network_agents_alive_on NODE: it has agents, and all that are wanted live. Without them an instance comes up deaf.
network_agents_alive_on() {
  local agents host kind alive state dead=''
  local -i here=0
  agents=$(network_agents) || return 2
  while IFS=$'\t' read -r host kind alive state; do
    if [[ $host != "$1" && $host != "$1".* ]]; then continue; fi
    here+=1
    if [[ $state == UP && $alive != True ]]; then dead+=", $kind"; fi
  done <<<"$agents"
  if ((here == 0)); then
    why "neutron has no agent on $1" 'openstack network agent list'
    return 1
  fi
  why "on $1 not alive: ${dead#, }" "on $1: sudo systemctl status 'neutron-*'"
  [[ -z $dead ]] || return 1
  why 'the service is up and the agents live'
}

compute_serves() { compute_service_up "$1" && network_agents_alive_on "$1"; }
