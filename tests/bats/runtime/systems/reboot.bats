# Whether a reboot is due, and what is still on its way.

load ../helpers

setup() { bundle_up; }

@test "the script that waits for a node that is away: each node's own, a composable one's too" {
  printf 'k1\tController\t192.0.2.1\tall,controllers,composable\nk2\tNetworker\t192.0.2.2\tall,composable\nk3\tCompute\t192.0.2.3\tall,computes\nk4\tCephStorage\t192.0.2.4\tall,ceph_osd_nodes\n' >"$BUNDLE/lib/nodes.tsv"
  printf '2.07\t2.07-reboot-controllers-and-composable.sh\n2.08\t2.08-reboot-ceph-storage.sh\n2.09\t2.09-reboot-computes.sh\n' >"$BUNDLE/lib/sections.tsv"
  words '. "$BUNDLE/lib/engine/step.sh"; . "$BUNDLE/lib/systems/reboot.sh"
    for node in k1 k2 k3 k4; do find_script_that_reboots "$node"; printf "%s " "${SAID%%-*}"; done'
  same '2.07 2.07 2.09 2.08' "${output% }"
}

@test "nodes that are away: one of which it is unknown whether it is back is not back" {
  words '. lib/systems/reboot.sh; STATE=$WORLD; : >"$STATE/rebooting-n1"; : >"$STATE/rebooting-n2"
    is_rebooting() { local status; if [[ $1 == n1 ]]; then return "$FIRST"; fi; return "$SECOND"; }
    for FIRST in 0 1 2; do for SECOND in 0 1 2; do ask nobody_is_rebooting; printf "%s " "$ANSWER"; done; done'
  same 'no no no no yes unknown unknown unknown unknown' "${output% }"
}

@test "a node is in another boot when it says which, not when it says nothing or nobody answers" {
  words '. lib/systems/reboot.sh; ssh_forget() { :; }
    hear_on() { SAID=$BOOT; [[ $BOOT != silent ]]; }
    for BOOT in old "" silent new; do ask has_left_boot n1 old; printf "%s " "$ANSWER"; done'
  same 'no no unknown yes' "${output% }"
}

@test "nodes that are away: those of one batch may be, and none of another" {
  words '. lib/systems/reboot.sh; STATE=$WORLD; : >"$STATE/rebooting-n1"; is_rebooting() { [[ $1 == n1 ]]; }
    WALK_NODE=(n1 n2 n1 n2 n3 n4) WALK_BATCH=(1 1 1 1 2 2)
    for ENTERED_BATCH in 1 2; do ask no_other_batch_is_rebooting; printf "%s " "$ANSWER"; done'
  same 'yes no' "${output% }"
}
