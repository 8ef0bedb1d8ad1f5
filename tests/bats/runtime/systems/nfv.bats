# The ports of OVS-DPDK instances.

load ../helpers

setup() { bundle_up; }

@test "ports of instances: those on the very compute where nova has them, not on one whose name only begins alike" {
  words '. "$BUNDLE/lib/systems/nfv.sh"
    all_vhost_ports() { printf "%s\n" "dpdkvhostuser a n1" "dpdkvhostuserclient a n10" "dpdkvhostuser b n1"; }
    find_instances() { SAID=$'"'"'a\tACTIVE\t-\tRunning\tn10.lab\tA\nb\tACTIVE\t-\tRunning\tN1\tB'"'"'; }
    ports_of_instances'
  same 'dpdkvhostuserclient a n10|dpdkvhostuser b n1' "$(paste -sd'|' <<<"$output")"
}
