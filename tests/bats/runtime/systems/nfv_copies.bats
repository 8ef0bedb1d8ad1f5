# Copies of OVS-DPDK instances.

load ../helpers

setup() { bundle_up; }

@test "a snapshot that is active and empty is not good" {
  words '. "$BUNDLE/lib/systems/nfv_copies.sh"
    snapshots_of() { echo "4711 active"; }; hear_rc() { SAID=$SIZE; }
    for SIZE in 0 1 -; do ask snapshot_is_good vnf vnf.rc; printf "%s " "$ANSWER"; done'
  same 'no yes unknown' "${output% }"
}

@test "the copy of an instance is found by its name as it is written" {
  words '. lib/systems/nfv_copies.sh
copy_name() { printf "%s\n" "vm\\101-CHG1"; }
find_instances() { SAID=$(printf "%s\tACTIVE\t-\tRunning\thost\t%s\n" one vmA-CHG1 two "vm\\101-CHG1"); }
copy_id x'
  same two "$output"
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
