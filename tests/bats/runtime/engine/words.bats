# What views, records and hosts say in lines of `word value`, and versions.

load ../helpers

setup() {
  bundle_up
}

@test "value_of: all values of the word itself, and a no where it is not said" {
  words '. "$BUNDLE/lib/engine/words.sh"; said=$'"'"'a 1\nab 2\nb\na x  y'"'"'
    value_of a <<<"$said"; value_of b <<<"$said"; value_of c <<<"$said" || echo no; fact_of c <<<"$said" && echo nothing'
  same '1|x  y||no|nothing' "$(paste -sd'|' <<<"$output")"
}

@test "version_at_least: number by number, and what is no version is no answer" {
  words '. "$BUNDLE/lib/systems/packages.sh"
    while read -r version minimum; do
      status=0; version_at_least "$version" "$minimum" || status=$?; printf "%s " "$status"
    done <<<"2.9.0 2.10
10:2.10.0-21.el7_5.4 2.10
2.10 2.9
2.08.1-3 2.9
3 2.10
2 2.0
none 2.9"'
  same '1 0 0 1 0 0 2' "${output% }"
}

@test "units that do not run: one that has failed, or is being started, is among them" {
  tool systemctl 'printf "%s\n" active failed inactive activating; exit 3'
  words '. "$BUNDLE/lib/systems/stopped_units.sh"; idle_units a.service b.service c.service d.service'
  same 'b.service c.service d.service' "$(paste -sd' ' <<<"$output")"
}

@test "services of before a reboot: one that is still being started does not run" {
  printf '%s\n' 'running a.service' 'running b.service' 'failed c.service' >"$WORLD/services"
  tool systemctl 'if [[ $1 == list-units ]]; then echo "c.service loaded failed failed C"; else printf "%s\n" activating reloading; fi'
  words '. "$BUNDLE/lib/systems/service_record.sh"; missing_services "$WORLD/services"'
  same 'a.service is not running' "$output"
}

@test "the script that waits for a node that is away: each node's own, a composable one's too" {
  printf 'k1\tController\t192.0.2.1\tall,controllers,composable\nk2\tNetworker\t192.0.2.2\tall,composable\nk3\tCompute\t192.0.2.3\tall,computes\nk4\tCephStorage\t192.0.2.4\tall,ceph_osd_nodes\n' >"$BUNDLE/lib/nodes.tsv"
  printf '2.07\t2.07-reboot-controllers-and-composable.sh\n2.08\t2.08-reboot-ceph-storage.sh\n2.09\t2.09-reboot-computes.sh\n' >"$BUNDLE/lib/sections.tsv"
  words '. "$BUNDLE/lib/engine/step.sh"; . "$BUNDLE/lib/systems/reboot.sh"
    for node in k1 k2 k3 k4; do find_script_that_reboots "$node"; printf "%s " "${SAID%%-*}"; done'
  same '2.07 2.07 2.09 2.08' "${output% }"
}

@test "ports of instances: those on the very compute where nova has them, not on one whose name only begins alike" {
  words '. "$BUNDLE/lib/systems/nfv.sh"
    all_vhost_ports() { printf "%s\n" "dpdkvhostuser a n1" "dpdkvhostuserclient a n10" "dpdkvhostuser b n1"; }
    find_instances() { SAID=$'"'"'a\tACTIVE\t-\tRunning\tn10.lab\tA\nb\tACTIVE\t-\tRunning\tN1\tB'"'"'; }
    ports_of_instances'
  same 'dpdkvhostuserclient a n10|dpdkvhostuser b n1' "$(paste -sd'|' <<<"$output")"
}

@test "a snapshot that is active and empty is not good" {
  words '. "$BUNDLE/lib/systems/nfv_copies.sh"
    snapshots_of() { echo "4711 active"; }; hear_rc() { SAID=$SIZE; }
    for SIZE in 0 1 -; do ask snapshot_is_good vnf vnf.rc; printf "%s " "$ANSWER"; done'
  same 'no yes unknown' "${output% }"
}

@test "what goes down paused is on record once, however often it is tried" {
  : >"$WORLD/instances"
  words '. "$BUNDLE/lib/systems/instances.sh"
    record_left "$WORLD/instances" a PAUSED; record_left "$WORLD/instances" b SUSPENDED; record_left "$WORLD/instances" a PAUSED
    cat "$WORLD/instances"'
  same 'a left PAUSED|b left SUSPENDED' "$(paste -sd'|' <<<"$output")"
}

@test "the time to move the instances of a node: that of each, and of one more" {
  words '. "$BUNDLE/lib/systems/instances.sh"; TIMEOUT_MIGRATE_PER_INSTANCE=600
    find_instances_on() { SAID=$'"'"'a\tACTIVE\nb\tACTIVE'"'"'; }; time_to_move n1'
  same 1800 "$output"
}

@test "an instance is settled elsewhere when it is confirmed, and not before" {
  words '. "$BUNDLE/lib/systems/instances.sh"
    find_compute_host() { SAID=n1.lab; }; find_instance_row() { SAID="a"$'"'"'\t'"'"'"$STATUS"$'"'"'\t'"'"'"$TASK"$'"'"'\tRunning\t'"'"'"$HOST"$'"'"'\tA'"'"'; }
    while read -r STATUS TASK HOST; do ask instance_is_settled_elsewhere a n1; printf "%s " "$ANSWER"; done <<<"ACTIVE - n2.lab
VERIFY_RESIZE - n2.lab
ACTIVE resize_confirming n2.lab
ACTIVE - n1.lab"'
  same 'yes no no no' "${output% }"
}

@test "units on record as stopped: a record that has vanished is no record of all units" {
  tool sudo '[[ $1 != -H ]] || shift
exec "$@"'
  tool systemctl 'echo "systemctl $*" >>"$WORLD/calls"'
  words '. "$BUNDLE/lib/engine/record.sh"; . "$BUNDLE/lib/systems/stopped_units.sh"; RECORDS=$WORLD/records
    ask claimed_units_stopped undercloud; echo "$ANSWER $WHY"
    (start_claimed_units undercloud) >/dev/null 2>&1 || echo "ended: $(<"$SCRATCH/failed")"'
  same "no no service is on record as stopped|ended: no service is on record as stopped: $WORLD/records/stopped-units-undercloud" \
    "$(paste -sd'|' <<<"$output")"
  [ "$(calls)" = '' ]
}

@test "2.05/4b: where ironic lists no node, none is configured" {
  words ". '$REPOSITORY/templates/2.05-update-images/configure_nodes.sh'"'
    with_stackrc() { echo "$*" >>"$WORLD/calls"; echo UUID; }
    (configure_nodes_apply) || echo "ended: $(<"$SCRATCH/failed")"'
  has 'ended: ironic lists no node'
  same 'openstack baremetal node list -c UUID -f csv --quote none' "$(calls)"
}

@test "gathered: a node that was not asked has said nothing, and that is no answer" {
  words 'f() { printf "one\n\ntwo"; }; gather computes f
    gathered n1; echo; gathered c1 || echo none; gathered_status c1 2>&1 | grep --only-matching "No such file" || :'
  same 'one||two|none|No such file' "$(paste -sd'|' <<<"$output")"
}

@test "no routers and no hypervisors at all: an empty list is an answer, and anything else is not" {
  touch "$HOUSE/overcloudrc"
  tool neutron 'cat "$WORLD/said"'
  tool openstack 'cat "$WORLD/said"'
  for said in '[]' '' '{}' '[{"id": "--help"}]' '[{"id": "*"}]'; do
    printf '%s' "$said" >"$WORLD/said"
    words '. "$BUNDLE/lib/systems/nova.sh"; . "$BUNDLE/lib/systems/cloud.sh"; ask routers_survive_without n1; echo "$ANSWER"'
    if [[ $said == '[]' ]]; then same yes "$output"; else same unknown "$output"; fi
  done
  for said in 'n1.localdomain' 'n1.localdomain n1.localdomain.old' '' 'n11.localdomain' 'n1x'; do
    printf '%s\n' $said >"$WORLD/said"
    words '. "$BUNDLE/lib/systems/nova.sh"; find_compute_host() { SAID=n1.localdomain; }; ask evacuates_it_alone n1; printf "%s " "$ANSWER"'
    printf '%s' "$output"
  done >"$WORLD/answers"
  same 'yes no unknown unknown unknown ' "$(<"$WORLD/answers")"
}

@test "the copy of an instance is found by its name as it is written" {
  words '. lib/systems/nfv_copies.sh
copy_name() { printf "%s\n" "vm\\101-CHG1"; }
find_instances() { SAID=$(printf "%s\tACTIVE\t-\tRunning\thost\t%s\n" one vmA-CHG1 two "vm\\101-CHG1"); }
copy_id x'
  same two "$output"
}

@test "Ceph before a reboot: both flags, and OSDs and placement groups that are there at all" {
  words '. lib/systems/ceph.sh
    find_osds_down() { SAID=""; }
    while read -r FLAGS OSDS UP PGS CLEAN; do
      kept() { if [[ $1 == ceph_flags ]]; then SAID=${FLAGS//,/$NEWLINE}; else "$2"; fi; }
      fetch_ceph_status() { printf -v SAID "%s %s\n" osds "$OSDS" osds_up "$UP" pgs "$PGS" pgs_clean "$CLEAN" states x; }
      ask ceph_holds_for_a_reboot; printf "%s " "$ANSWER"
    done <<<"noout,norebalance 3 3 8 8
noout 3 3 8 8
norebalance 3 3 8 8
noout,norebalance 0 0 8 8
noout,norebalance 3 2 8 8
noout,norebalance 3 3 0 0"'
  same 'yes no no no no no' "${output% }"
}

@test "nodes that are away: one of which it is unknown whether it is back is not back" {
  words '. lib/systems/reboot.sh; STATE=$WORLD; : >"$STATE/rebooting-n1"; : >"$STATE/rebooting-n2"
    is_rebooting() { local status; if [[ $1 == n1 ]]; then return "$FIRST"; fi; return "$SECOND"; }
    for FIRST in 0 1 2; do for SECOND in 0 1 2; do ask nobody_is_rebooting; printf "%s " "$ANSWER"; done; done'
  same 'no no no no yes unknown unknown unknown unknown' "${output% }"
}

@test "an instance is in a status once no task of it is under way" {
  words '. lib/systems/instances.sh
    find_instance_row() { printf -v SAID "a\t%s\t%s\tRunning\tn1.lab\tA" "$STATUS" "$TASK"; }
    while read -r STATUS TASK; do ask instance_status_is a ACTIVE; printf "%s " "$ANSWER"; done <<<"ACTIVE -
ACTIVE powering-off
SHUTOFF -"'
  same 'yes no no' "${output% }"
}

@test "what is left goes down with its node: not one domain more than nova knows there" {
  words '. lib/systems/instances.sh
    find_instances_on() { SAID=$ROW; }; find_instances_before() { SAID="a ACTIVE"$NEWLINE"a stopped"; }; hear_root_on() { SAID=$DOMAINS; }
    printf -v ROW "a\tACTIVE\t-\tRunning\tn1.lab\tA"
    for DOMAINS in "" one "one${NEWLINE}two"; do ask only_left_ones_run n1; printf "%s " "$ANSWER"; done'
  same 'yes yes no' "${output% }"
}

@test "a snapshot is good where it is the only one of its name" {
  words '. lib/systems/nfv_copies.sh
    snapshots_of() { echo "$FOUND"; }; hear_rc() { SAID=1; }
    for FOUND in "4711 active" "4711 queued" "4711 queued${NEWLINE}4712 active" "4711 active${NEWLINE}4712 active" ""; do
      ask snapshot_is_good vnf vnf.rc; printf "%s " "$ANSWER"
    done'
  same 'yes no no no no' "${output% }"
}

@test "room for a copy: a compute that takes no instances, or is down, has none to give" {
  words '. lib/systems/nfv_copies.sh; NODES=(n1); node_is() { [[ $2 == dpdk ]]; }
    nfv_word() { echo m1; }; hear_rc() { SAID=shown; }; find_compute_host() { SAID=n1.lab; }; with_overcloudrc() { echo shown; }
    parsed() { if [[ $2 == needs ]]; then SAID="4 4096"; else SAID=$FREE; fi; }
    while read -r STATUS UP FREE; do
      FREE=${FREE/,/ }
      find_compute_services() { printf -v SAID "n1.lab\tnova-compute\t%s\t%s\t-" "$STATUS" "$UP"; }
      ask copy_may_have_room vnf vnf.rc; printf "%s " "$ANSWER"
    done <<<"enabled up 4,4096
disabled up 8,8192
enabled down 8,8192
enabled up 3,8192
enabled up 8,4095"'
  same 'yes no no no no' "${output% }"
}

@test "2.13: the ports that a restored original has now are on record before they are taken off it" {
  words '. lib/systems/nfv_copies.sh; . '"'$REPOSITORY/templates/2.13-finish-nfv/create_copies.sh'"'
    insist() { :; }; nfv_word() { echo a; }; port_is_attached() { [[ -e $WORLD/$3 ]]; }
    describe_ports() { echo "port p2 net mac groups addresses yes"; }; add_to_nfv_record() { echo "on record: $2" >>"$WORLD/calls"; }
    with_rc() { echo "${*:2}" >>"$WORLD/calls"; rm "$WORLD/$5"; }
    : >"$WORLD/p2"; detach_ports vnf vnf.rc'
  same 'on record: port p2 net mac groups addresses yes,nova interface-detach a p2' "$(calls)"
}

@test "2.02: a dump of MongoDB without its oplog is not packed" {
  mkdir "$WORLD/dump"
  words ". '$REPOSITORY/templates/2.02-back-up-control-plane/dump_mongodb.sh'; . lib/systems/backup.sh"'
    pack_mongodb "$WORLD/dump" || echo no; : >"$WORLD/dump/oplog.bson"; pack_mongodb "$WORLD/dump"; tar --list --file "$WORLD/dump.tar"'
  same 'the dump has no oplog|no|dump/|dump/oplog.bson' "$(paste -sd'|' <<<"$output")"
}

@test "2.02: a dump that lacks a schema does not hold what it must" {
  words ". '$REPOSITORY/templates/2.02-back-up-control-plane/dump_databases.sh'; . lib/systems/databases.sh"'
    printf "%s\n" "CREATE DATABASE a" "CREATE DATABASE b" "-- Dump completed on" >"$WORLD/dump"
    for count in 1 2 3; do if dump_must_hold "$WORLD/dump" "$count" 2>/dev/null; then echo "$count"; fi; done'
  same 2 "$output"
}

@test "what keeps packages back: a fail where it is needed and not on offer, else a warning" {
  words '. lib/systems/packages.sh; fail() { echo "fail $1"; }; warn() { echo "warn $1"; }
    printf -v held "lock\tlist\t%s\t%s\n" "open*" openvswitch "pace*" "pacemaker, ceph-mon"
    judge_held n1 "$held" ", openvswitch is not on offer"; judge_held n1 "$held" ", ceph-mon 10.1"'
  same 'fail n1: yum versionlock keeps open*|warn n1: yum versionlock keeps pace*|warn n1: yum versionlock keeps open*|fail n1: yum versionlock keeps pace*' \
    "$(sed 's/ from the update.*//' <<<"$output" | paste -sd'|')"
}

@test "what HAProxy reached before a reboot: a server that is on its way up is not reached yet" {
  words '. lib/systems/haproxy.sh; STATE=$WORLD; printf "nova\n" >"$STATE/served-n1"
    find_haproxy_rows() { printf -v SAID "nova\tn1\t%s\nnova\tn2\tDOWN\nheat\tn1\tDOWN" "$SERVER"; }
    for SERVER in UP "UP 1/2" "DOWN 1/2" DOWN MAINT; do ask haproxy_reaches n1; printf "%s " "$ANSWER"; done'
  same 'yes yes no no yes' "${output% }"
}

@test "2.02: where two nodes call themselves redis masters neither is dumped" {
  words '. lib/systems/redis.sh; find_some_nodes_with() { printf -v SAID "n1\nn2\nn3"; }
    hear_root_on() { SAID=role:slave; if [[ " $MASTERS " == *" $1 "* ]]; then SAID=role:master; fi; }
    for MASTERS in n2 "n1 n3" "n2 n1" ""; do ask redis_master; printf " %s " "$ANSWER"; done'
  same 'n2 yes  unknown  unknown  no ' "$output"
}

@test "2.05: an images folder that is a mount point, or no folder of its own below the home, is not renamed" {
  mkdir -p "$HOUSE/images" "$HOUSE/mounted"
  ln -s images "$HOUSE/link"
  words '. '"'$REPOSITORY/templates/2.05-update-images/set_images_aside.sh'"'
    stat() { if [[ $4 == */mounted ]]; then echo "$4"; else echo /; fi; }
    for IMAGES_DIR in "$HOME/images" "$HOME/mounted" "$HOME/link" "$HOME/gone" "$HOME" images; do
      ask images_folder_is_plain; printf "%s " "$ANSWER"
    done'
  same 'yes no no no no no' "${output% }"
}

@test "2.13: an original is deleted where its copy is well and equal at that very moment, and not else" {
  words '. '"'$REPOSITORY/templates/2.13-finish-nfv/delete_originals.sh'"'
    nfv_word() { echo a; }; original_is_gone() { return 1; }; with_rc() { echo "${*:2}"; }; wait_until() { :; }
    copy_is_good() { [[ $WRONG != good ]]; }; copy_is_equal() { [[ $WRONG != equal && $2 == vnf.rc ]]; }
    for WRONG in none good equal; do (delete_original vnf vnf.rc 2>/dev/null) || echo "stopped: not $WRONG"; done'
  same 'openstack server delete a|stopped: not good|stopped: not equal' "$(paste -sd'|' <<<"$output")"
}

@test "2.09: a compute is evacuated where its name is part of no other, neither of its beginning nor of its end" {
  words '. lib/systems/nova.sh; find_compute_host() { SAID=cmp-1; }; hear_overcloud() { SAID=${LIST// /$NEWLINE}; }
    for LIST in "cmp-1 cmp-2" "cmp-1 cmp-10" "cmp-1 big-cmp-1" "cmp-1 a-CMP-1-b" cmp-2; do ask evacuates_it_alone cmp-1; printf "%s " "$ANSWER"; done'
  same 'yes no no no unknown' "${output% }"
}

@test "a record that a full disk does not take is as it was, whoever adds to it, and the next line is whole" {
  words '. lib/systems/instances.sh; . lib/systems/reboot.sh; . lib/systems/nfv.sh; . lib/systems/nfv_copies.sh; sync() { :; }
    for what in "record_stopped $WORLD/r b" "record_left $WORLD/r b PAUSED" "record_reboot $WORLD/r kernel;" "record_migration $WORLD b" "add_nfv_record $WORLD r b"; do
      file=$WORLD/r
      if [[ $what == record_migration* ]]; then file=$WORLD/migrated; fi
      echo a >"$file"
      ln -s /dev/full "$file.new"
      if (set -e; $what) 2>/dev/null; then echo "not told: $what"; fi
      rm "$file.new"
      printf "%s, " "$(<"$file")"
      $what
      tail -n 1 "$file" | sed "s/^[-0-9a-f]\{36\}\t/BOOT /"
    done'
  same 'a, b stopped|a, b left PAUSED|a, BOOT kernel;|a, b|a, b' "$(paste -sd'|' <<<"$output")"
}
