# Copies of OVS-DPDK instances, made in their own project from a snapshot. The spec's list names each server and its project's rc file.

# copy_holds_all SERVER RC_FILE: a snapshot has the root disk alone; whatever else an instance has would be deleted with the original.
copy_holds_all() { either is_on_record "$1" -- copy_would_hold_all "$1" "$2"; }
copy_would_hold_all() { snapshot_holds_all "$1" "$2" && ports_can_be_recreated "$1" "$2"; }

# ports_can_be_recreated SERVER RC_FILE: when a port is detached that nova had made, nova deletes it. `server create --nic` makes one with a
# single address, and --security-group holds for all that it makes. Nova gives no port a name: a port with a name is its owner's, and stays.
ports_can_be_recreated() {
  local server=$1 rc=$2 id ports many groups
  hear_rc "$rc" openstack server show -f value -c id "$server" || return 2
  id=$SAID
  ports=$(describe_ports "$rc" "$id") || return 2
  many=$(awk '$7 == "no" && ($6 ~ /,/ || $6 == "-") { print $2 " (" $6 ")" }' <<<"$ports") || return 2
  why "nova may have made this port of $server, and would not recreate it with exactly these addresses: ${many//$'\n'/, }" \
    'nfv: {strategy: cold-migrate} in the spec keeps them'
  [[ -z $many ]] || return 1
  groups=$(awk '$7 == "no" { print $5 }' <<<"$ports" | sort --unique) || return 2
  why "the ports of $server differ in their security groups, and nova would recreate them all with the same" \
    'nfv: {strategy: cold-migrate} in the spec keeps them'
  [[ $groups != *$'\n'* ]] || return 1
  networks_are_its_own "$server" "$rc" "$ports" || return
  why "the ports of $server can be recreated"
}

# networks_are_its_own SERVER RC_FILE PORTS: neutron lets only a network's owner and admin choose the address of a new port there.
networks_are_its_own() {
  local server=$1 rc=$2 networks network owner project
  networks=$(awk '$7 == "no" { print $3 }' <<<"$3" | sort --unique) || return 2
  hear_rc "$rc" openstack server show -f value -c project_id "$server" || {
    why "nova does not show $server: $(said_last)" "(. $rc; openstack server show $(quoted "$server"))"
    return 2
  }
  project=$SAID
  for network in $networks; do
    hear_rc "$rc" openstack network show -f value -c project_id "$network" || {
      why "neutron does not show the network $network: $(said_last)" "(. $rc; openstack network show $(quoted "$network"))"
      return 2
    }
    owner=$SAID
    # the client shows it twice where neutron calls it tenant_id too
    owner=${owner%%$'\n'*}
    why "the project of $server does not own the network $network, so a copy could not be given its address there" \
      'nfv: {strategy: cold-migrate} in the spec keeps them'
    [[ $owner == "$project" ]] || return 1
  done
}

snapshot_holds_all() {
  local server=$1 rc=$2 shown lines flavor volumes ephemeral
  hear_rc "$rc" openstack server show -f json "$server" || {
    why "nova does not show $server: $(said_last)" "(. $rc; openstack server show $(quoted "$server"))"
    return 2
  }
  shown=$SAID
  parsed nova volumes <<<"$shown" || return 2
  volumes=$SAID
  why "$server has volumes, which a copy from its snapshot would not have: ${volumes//$'\n'/, }" 'nfv: {strategy: cold-migrate} in the spec keeps them'
  [[ -z $volumes ]] || return 1
  parsed nova description <<<"$shown" || return 2
  lines=$SAID
  flavor=$(awk '$1 == "flavor" { print $2 }' <<<"$lines") || return 2
  hear_rc "$rc" openstack flavor show -f value -c OS-FLV-EXT-DATA:ephemeral "$flavor" || {
    why "nova does not show the flavor of $server: $(said_last)" "(. $rc; openstack flavor show $(quoted "$flavor"))"
    return 2
  }
  ephemeral=$SAID
  why "$server has an ephemeral disk of $ephemeral GB, which its snapshot would not hold" 'nfv: {strategy: cold-migrate} in the spec keeps it'
  [[ $ephemeral == 0 ]] || return 1
  why "the snapshot of $server would hold all its disks"
}

# status_of_instance ID: its status, or gone; the list of all is asked, since a client's error does not prove absence.
status_of_instance() {
  local rows
  find_instances || return 2
  rows=$SAID
  awk -F '\t' -v id="$1" '$1 == id { print $2; found = 1 } END { if (!found) print "gone" }' <<<"$rows"
}

original_is() {
  local id status
  id=$(nfv_word "$1" id) || return 2
  status=$(status_of_instance "$id") || return 2
  why "$1 is $status" "rc: openstack server show $(quoted "$id")"
  [[ $status == "$2" ]]
}
original_is_gone() { original_is "$1" gone; }
original_is_off() { either original_is "$1" gone -- original_is "$1" SHUTOFF; }

# The copy's name says whose it is.
copy_name() {
  local name
  name=$(nfv_word "$1" name) || return 2
  printf '%s-%s\n' "$name" "$CHANGE"
}

# copy_id SERVER: the id of its copy, nothing where there is none.
copy_id() {
  local name rows
  name=$(copy_name "$1") || return 2
  find_instances || return 2
  rows=$SAID
  # (not by -v, which takes a backslash in a name for an escape; and compared as texts: 1e1 is not 10)
  NAME=$name awk -F '\t' '$6 "" == ENVIRON["NAME"] "" { print $1 }' <<<"$rows"
}

copy_is_active() {
  local id
  id=$(copy_id "$1") || return 2
  why "$1 has no copy yet"
  [[ -n $id ]] || return 1
  instance_status_is "$id" ACTIVE
}

copy_is_good() {
  local id
  id=$(copy_id "$1") || return 2
  why "$1 has no copy"
  [[ -n $id ]] || return 1
  instance_status_is "$id" ACTIVE && has_client_ports "$id"
}

# snapshot_name SERVER: two images may have one name; with the instance's id in it, the name is ours alone.
snapshot_name() {
  local id
  id=$(nfv_word "$1" id) || return 2
  printf '%s-%s\n' "$CHANGE" "$id"
}

# snapshots_of SERVER RC_FILE: ID and STATUS of its snapshot; one that the original has outlived does not count.
snapshots_of() {
  local name images stale
  name=$(snapshot_name "$1") || return 2
  stale=$(nfv_word "$1" stale) || return 2
  hear_rc "$2" openstack image list -f value -c ID -c Name -c Status || return 2
  images=$SAID
  awk -v name="$name" -v stale=" ${stale//$'\n'/ } " '$2 == name && !index(stale, " " $1 " ") { print $1, $3 }' <<<"$images"
}

# snapshot_is_good SERVER RC_FILE: active, and not the empty image that looks like one.
snapshot_is_good() {
  local found id size
  found=$(snapshots_of "$1" "$2") || return 2
  why "the snapshot of $1 is ${found:-not there}" "(. $2; openstack image list)"
  [[ $found == *' active' && $found != *$'\n'* ]] || return 1
  id=${found%% *}
  hear_rc "$2" openstack image show -f value -c size "$id" || return 2
  size=$SAID
  numbers size || return 2
  why "the snapshot of $1 is empty" "(. $2; openstack image show $id)"
  ((size > 0)) || return 1
  why "the snapshot of $1 is active, and has $size bytes"
}
snapshot_or_gone() { either original_is_gone "$1" -- snapshot_is_good "$1" "$2"; }

# port_is_attached SERVER RC_FILE PORT
port_is_attached() {
  local id ports
  id=$(nfv_word "$1" id) || return 2
  hear_rc "$2" nova interface-list "$id" || return 2
  ports=$SAID
  why "the port $3 is attached to $1"
  [[ $ports == *"$3"* ]]
}

# words_for_ports SERVER RC_FILE: --nic words for its copy: its ports, as far as they still exist. A port that nova had made and has deleted
# is recreated with its address, and --security-group, which holds for such ports alone, gives it its groups.
words_for_ports() {
  local ports left port network mac groups address group gone=''
  ports=$(ports_on_record "$1") || return 2
  hear_rc "$2" openstack port list -f value -c ID || return 2
  left=$SAID
  while read -r port network mac groups address; do
    if [[ -z $port ]]; then continue; fi
    if has_line "$port" "$left"; then
      printf '%s\n' --nic "port-id=$port"
    else
      printf '%s\n' --nic "net-id=$network,$(address_word "$address")=$address"
      if [[ $groups != - ]]; then gone+=" ${groups//,/ }"; fi
    fi
  done <<<"$ports"
  for group in $(printf '%s' "$gone" | tr ' ' '\n' | sort --unique); do printf '%s\n' --security-group "$group"; done
}
address_word() { if [[ $1 == *:* ]]; then printf v6-fixed-ip; else printf v4-fixed-ip; fi; }

# copy_is_equal SERVER RC_FILE: until the original is gone, the copy has its networks, addresses and security groups.
copy_is_equal() { either original_is_gone "$1" -- copy_has_the_ports "$1" "$2"; }

copy_has_the_ports() {
  local id wanted has
  id=$(copy_id "$1") || return 2
  why "$1 has no copy"
  [[ -n $id ]] || return 1
  wanted=$(ports_on_record "$1" | awk '{ print $2, $4, $5 }' | LC_ALL=C sort) || return 2
  has=$(describe_ports "$2" "$id") || return 2
  has=$(awk 'NF { print $3, $5, $6 }' <<<"$has" | LC_ALL=C sort) || return 2
  why "the copy of $1 has ports with (network, security groups, addresses) $(on_one_line "$has"), and its original had $(on_one_line "$wanted")" \
    "give each port the groups of its original, with neutron port-update --security-group ;; here: (. $(quoted "$2"); nova interface-list $(quoted "$id"))"
  [[ $has == "$wanted" ]] || return 1
  why "the copy of $1 has its addresses and security groups"
}
on_one_line() { printf '%s' "${1//$'\n'/; }"; }

# copy_may_have_room SERVER RC_FILE: no where every OVS-DPDK compute that takes instances says that it is too full. Originals count: what is
# shut off holds its CPUs and hugepages. How the free ones are spread over NUMA nodes nova does not show.
copy_may_have_room() {
  local server=$1 rc=$2 flavor shown need node host rows row free cpus memory free_cpus free_memory
  flavor=$(nfv_word "$server" flavor) || return 2
  hear_rc "$rc" openstack flavor show -f json "$flavor" || return 2
  shown=$SAID
  parsed nova needs <<<"$shown" || return 2
  need=$SAID
  find_compute_services || return 2
  rows=$SAID
  for node in "${NODES[@]}"; do
    if ! node_is "$node" dpdk; then continue; fi
    find_compute_host "$node" || return 2
    host=$SAID
    row=$(awk -F '\t' -v host="$host" '$1 == host' <<<"$rows") || return 2
    if [[ -z $row ]]; then
      why "nova does not list a compute service of $host" 'rc: openstack compute service list'
      return 2
    fi
    if [[ $row != *$'\tenabled\tup\t'* ]]; then continue; fi
    why "$host does not show its room; nova decides"
    # some hypervisors answer with an error here, which says nothing about room
    shown=$(with_overcloudrc openstack hypervisor show -f json "$host") || return 0
    parsed nova room <<<"$shown" || return 2
    free=$SAID
    why "$host may have room"
    if [[ -z $free ]]; then return 0; fi
    read -r cpus memory <<<"$need" || return 2
    read -r free_cpus free_memory <<<"$free" || return 2
    # (more may be in use than there is)
    if [[ $free == *-* ]]; then continue; fi
    numbers cpus memory free_cpus free_memory || return 2
    if ((free_cpus >= cpus && free_memory >= memory)); then return 0; fi
  done
  why "no OVS-DPDK compute has room for a copy of $server beside it: it needs ${need% *} dedicated CPUs and ${need#* } MiB" \
    'make room (nfv: {strategy: cold-migrate} in the spec needs room on one other compute too) ;; rc: openstack hypervisor list --long'
  return 1
}
room_or_copy() { either has_copy "$1" -- copy_may_have_room "$1" "$2"; }
has_copy() {
  local id
  id=$(copy_id "$1") || return 2
  why "$1 has no copy yet"
  [[ -n $id ]]
}

# copy_is_built SERVER: it is ACTIVE, or has failed.
copy_is_built() {
  local id row
  id=$(copy_id "$1") || return 2
  why "$1 has no copy"
  [[ -n $id ]] || return 1
  find_instance_row "$id" || return 2
  row=$SAID
  why "the copy of $1 is $(cut --fields=2 <<<"$row")"
  [[ $row != *$'\tBUILD\t'* ]]
}

# tell_way_back SERVER RC_FILE: for an apply: the commands that give an original its ports back, which were taken for its copy.
tell_way_back() {
  local server=$1 rc=$2 id copy left port network mac groups address
  id=$(nfv_word "$server" id)
  copy=$(copy_id "$server")
  left=$(with_rc "$rc" openstack port list -f value -c ID)
  complain "to revert $server, run this; afterwards this section can be run again, and takes a new snapshot:"
  complain "  . $rc"
  if [[ -n $copy ]]; then complain "  openstack server delete --wait $copy"; fi
  while read -r port network mac groups address <&4; do
    if has_line "$port" "$left"; then
      complain "  nova interface-attach --port-id $port $id"
    else
      complain "  nova interface-attach --net-id $network --fixed-ip $address $id    # nova deleted $port with MAC $mac"
      if [[ $groups != - ]]; then
        complain "  neutron port-update NEW_PORT --security-group ${groups//,/ --security-group }    # nova interface-list $id"
      fi
    fi
  done 4< <(ports_on_record "$server" | awk 'NF')
  complain "  openstack server start $id"
}
