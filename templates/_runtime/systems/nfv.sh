# Instances with OVS-DPDK ports: which port they have is asked of Open vSwitch on their compute.

# What this change knows of them, root's on the undercloud: it outlives a lost journal.
NFV_RECORD=/var/lib/osp-runbook/$CHANGE/nfv

# Run by root on a node: type and instance of every vhost-user port, one per line.
vhost_ports() {
  ovs-vsctl --timeout=10 --columns=type,external_ids list Interface | awk '
    $1 == "type" { type = $3; gsub(/"/, "", type) }
    $1 == "external_ids" && type ~ /^dpdkvhostuser/ && match($0, /vm-uuid="?[0-9a-f-]+/) {
      id = substr($0, RSTART, RLENGTH); sub(/vm-uuid="?/, "", id); print type, id
    }'
}

# all_vhost_ports: TYPE ID NODE of every port of every OVS-DPDK compute; if one of them is silent, it cannot tell.
all_vhost_ports() {
  local node status
  gather dpdk as_root_on vhost_ports
  for node in "${NODES[@]}"; do
    if ! node_is "$node" dpdk; then continue; fi
    find_gathered_status "$node" || return 2
    status=$SAID
    if [[ $status != 0 ]]; then
      why "$node does not show its ports" "on $node: sudo ovs-vsctl list Interface"
      return 2
    fi
    gathered "$node" | awk -v node="$node" 'NF { print $0, node }'
  done
}

# ports_of_instances: the same, only of ports on the compute where nova has their instance. Until a cold migration is confirmed its ports stay
# where it began, and a compute that died may show ports of long ago.
ports_of_instances() {
  local ports rows
  ports=$(all_vhost_ports) || return 2
  find_instances || return 2
  rows=$SAID
  awk -F '\t' '
    NR == FNR { host[$1] = $5; next }
    { split($0, words, " "); at = host[words[2]] }
    tolower(at) == tolower(words[3]) || index(tolower(at), tolower(words[3]) ".") == 1 { print }
  ' <(printf '%s\n' "$rows") <(printf '%s\n' "$ports")
}

# instances_with_old_ports: ids of the instances that have a port of the old type there, running or shut off.
instances_with_old_ports() {
  local ports
  ports=$(ports_of_instances) || return 2
  awk '$1 == "dpdkvhostuser" { print $2 }' <<<"$ports" | sort --unique
}

# tell_of_old_ports: prints a line for people: how many instances have such a port, and which.
tell_of_old_ports() {
  local ids rows
  ids=$(instances_with_old_ports) || return 2
  find_instances || return 2
  rows=$SAID
  awk -F '\t' '
    NR == FNR { if (NF) old[$1] = ++count; next }
    $1 in old { names = names (names ? ", " : "") $1 " (" $6 ")" }
    END { if (count) printf "goes down, one after the other, %d in all: %s\n", count, names }
  ' <(printf '%s\n' "$ids") <(printf '%s\n' "$rows")
}

# no_old_ports: no instance has a port of the old mode.
no_old_ports() {
  local ids
  ids=$(instances_with_old_ports) || return 2
  why "still with a dpdkvhostuser port: ${ids//$'\n'/, }" 'on dpdk: sudo ovs-vsctl find Interface type=dpdkvhostuser'
  [[ -z $ids ]] || return 1
  why 'no instance has a dpdkvhostuser port'
}

# shut_off_and_unplugged: ids of what is shut off on an OVS-DPDK compute and has no vhost-user port there.
shut_off_and_unplugged() {
  local ports rows nodes
  ports=$(ports_of_instances) || return 2
  find_instances --status SHUTOFF || return 2
  rows=$SAID
  nodes=$(nodes_in dpdk) || return 2
  awk -F '\t' -v nodes="${nodes//$'\n'/ }" '
    BEGIN { count = split(tolower(nodes), names, " ") }
    NR == FNR { split($0, words, " "); seen[words[2]] = 1; next }
    !($1 in seen) { for (i = 1; i <= count; i++) if (tolower($5) == names[i] || index(tolower($5), names[i] ".") == 1) print $1 }
  ' <(printf '%s\n' "$ports") <(printf '%s\n' "$rows")
}

# is_bound_to_old_port ID: neutron has made one of its ports for the old type, where QEMU is the client; it would start with that.
is_bound_to_old_port() {
  local shown ids port details
  hear_overcloud nova interface-list "$1" || return 2
  shown=$SAID
  ids=$(awk -F '|' 'NF > 5 && $3 !~ /Port ID/ { gsub(/ /, "", $3); print $3 }' <<<"$shown") || return 2
  for port in $ids; do
    hear_overcloud openstack port show -f value -c binding_vif_details "$port" || return 2
    details=$SAID
    if [[ $details =~ vhostuser_mode=[^,]*client ]]; then return 0; fi
  done
  return 1
}

# has_client_ports ID: it has vhost-user ports on its compute, and all of them are of the new type.
has_client_ports() {
  local ports types
  ports=$(ports_of_instances) || return 2
  types=$(awk -v id="$1" '$2 == id { print $1 }' <<<"$ports" | sort --unique) || return 2
  why "the ports of $1 are ${types:-not visible on its compute}" 'on dpdk: sudo ovs-vsctl list Interface'
  [[ $types == dpdkvhostuserclient ]] || return 1
  why "the ports of $1 are dpdkvhostuserclient"
}

# The Open vSwitch of the compute that an instance moves to makes its ports: every OVS-DPDK compute has to run the new one.
dpdk_hosts_are_ready() {
  local node status
  for node in "${NODES[@]}"; do
    if ! node_is "$node" dpdk; then continue; fi
    needs_no_reboot "$node"
    status=$?
    if ((status != 0)); then return "$status"; fi
  done
}

# What this change has asked nova to migrate, and has not seen confirmed: `ID FLAVOR` a line. A migration leaves the flavor as it is; a resize, which
# is its tenant's to confirm, gives the instance another.

# set_migration FOLDER ID [FLAVOR], run by root on the undercloud: the line of the instance, or without a flavor none.
set_migration() {
  local others
  others=$(read_migrations "$1" | awk -v id="$2" 'NF && $1 != id') || return
  write_record "$1/migrated" "$others${3:+$'\n'$2 $3}"
}
read_migrations() { if [[ -e $1/migrated ]]; then cat -- "$1/migrated"; fi; }

# record_migration ID: for an apply, which then migrates it.
record_migration() {
  local flavor
  forget_settled_migrations
  flavor=$(flavor_of "$1")
  as_root set_migration "$NFV_RECORD" "$1" "$flavor"
}

# migrations_to_confirm: ids of what this change has migrated and not confirmed.
migrations_to_confirm() {
  local ours
  hear_root read_migrations "$NFV_RECORD" || return 2
  ours=$SAID
  if [[ -z $ours ]]; then return; fi
  find_instances --status VERIFY_RESIZE || return 2
  select_unresized "$ours" "$SAID"
}

# select_unresized OURS ROWS: prints the ids in OURS that wait to be confirmed, and have the flavor that is on record.
select_unresized() {
  local id flavor now
  # (on 3: the client inside must not read the list)
  while IFS=' ' read -r id flavor <&3; do
    now=$(flavor_of "$id") || return 2
    # (a line of an earlier compiler has no flavor)
    if [[ -z $flavor || $now == "$flavor" ]]; then printf '%s\n' "$id"; fi
  done 3< <(awk '$0 == "\f" { rows = 1; next } !rows { ours[$1] = $0; next } ($1 in ours) && $2 == "VERIFY_RESIZE" { print ours[$1] }' \
    <<<"$1"$'\n\f\n'"$2")
}

# give_up_on_old_ports: for the end of an apply: ends it where an instance still has a port of the old type, with what to do for each.
give_up_on_old_ports() {
  local ids
  forget_settled_migrations
  ids=$(instances_with_old_ports)
  if [[ -z $ids ]]; then return 0; fi
  complain_of_each "$ids"
  give_up "still with an old port: ${ids//$'\n'/, }; see above"
}

# forget_settled_migrations: an instance on record that is in no task, and waits for no confirmation, was never migrated, or its migration has
# failed, was reverted or is confirmed. Whatever its tenant or a colleague does with it later is not this change's to confirm.
forget_settled_migrations() {
  local ours rows ids id
  ours=$(printed hear_root read_migrations "$NFV_RECORD")
  if [[ -z $ours ]]; then return 0; fi
  rows=$(printed find_instances)
  ids=$(awk -F '\t' '$0 == "\f" { ours = 1; next }
    !ours { if (NF && ($3 != "-" || $2 == "VERIFY_RESIZE")) moves[$1] = 1; next }
    { sub(/ .*/, "") } !($0 in moves)' <<<"$rows"$'\n\f\n'"$ours")
  for id in $ids; do as_root set_migration "$NFV_RECORD" "$id"; done
}

complain_of_each() {
  local id
  for id in $1; do
    # (of one that may be migrated, and is not, nova's own words are above)
    ask instance_may_migrate_cold "$id"
    complain "${WHY:-$id}${REMEDY:+; $REMEDY}"
  done
  keep_words_of_attempts
}

# keep_words_of_attempts: what each client said last that has failed in this step, for the search of its cause: what came after may be long.
keep_words_of_attempts() {
  awk '/^=== / { text = "" } / exited with [0-9]+; / && last != "" { text = text last "\n" } !/^        / { last = $0 } END { printf "%s", text }' \
    "$LOG" >>"$SCRATCH/attempts"
}

# no_migration_to_confirm: no instance waits for its migration to be confirmed.
no_migration_to_confirm() {
  local ids
  ids=$(migrations_to_confirm) || return 2
  why "migrated and not confirmed: ${ids//$'\n'/, }" 'run this section again'
  [[ -z $ids ]]
}
