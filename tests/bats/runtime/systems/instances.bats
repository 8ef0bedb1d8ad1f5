# Instances on a compute, and what moves.

load ../helpers

setup() { bundle_up; }

@test "what goes down paused is on record once, however often it is tried" {
  : >"$WORLD/instances"
  words '. "$BUNDLE/lib/systems/instances.sh"
    record_left "$WORLD/instances" a PAUSED; record_left "$WORLD/instances" b SUSPENDED; record_left "$WORLD/instances" a PAUSED
    cat "$WORLD/instances"'
  same 'a left PAUSED|b left SUSPENDED' "$(paste -sd'|' <<<"$output")"
}

@test "a record of instances: what is there and not on it, and what was in ERROR and is well again" {
  words '. lib/systems/instances.sh
    find_instances_before() { SAID="a ACTIVE${NEWLINE}b ERROR${NEWLINE}c ERROR${NEWLINE}a stopped${NEWLINE}c stopped"; }
    find_instances_on() { printf -v SAID "a\tSHUTOFF\t-\nb\tERROR\t-\nc\tACTIVE\t-\nd\tPAUSED\t-"; }
    instances_off_record n1'
  same 'c ACTIVE|d PAUSED' "$(paste -sd'|' <<<"$output")"
}

@test "once they run again, instances that were stopped are not on record as stopped; the rest of it stays" {
  printf '%s\n' 'a ACTIVE' 'b PAUSED' 'a stopped' 'b left PAUSED' >"$WORLD/instances"
  words '. "$BUNDLE/lib/systems/instances.sh"; forget_stopped "$WORLD/instances"; cat "$WORLD/instances"'
  same 'a ACTIVE|b PAUSED|b left PAUSED' "$(paste -sd'|' <<<"$output")"
}

@test "what stays on a node: the command moves what nova would move cold, and nothing in a task" {
  words '. lib/systems/instances.sh; kept() { "${@:2}"; }; find_instances_before() { SAID=; }
    find_instances_on() { printf -v SAID "a\tACTIVE\t-\tRunning\tn1.lab\tA\nb\tPAUSED\t-\tPaused\tn1.lab\tB\nc\tSHUTOFF\tdeleting\tShutdown\tn1.lab\tC"; }
    ask is_empty n1; printf "%s\n" "$ANSWER" "$WHY" "$REMEDY"'
  has 'still on n1: A ACTIVE, B PAUSED, C SHUTOFF'
  has 'for id in a; do nova migrate'
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

@test "the drain waits for what is in a task, but for what is dead in a deletion that never ends" {
  words '. "$BUNDLE/lib/systems/instances.sh"
    find_instances_on() { printf -v SAID "a\tACTIVE\t-\tRunning\nb\t%s\t%s\t%s" "$STATUS" "$TASK" "$POWER"; }
    while read -r STATUS TASK POWER; do ask no_instance_moves n1; printf "%s " "$ANSWER"; done <<<"ERROR deleting NOSTATE
ERROR deleting Running
ACTIVE migrating Running
SHUTOFF resize_migrating Shutdown
ACTIVE - Running"'
  same 'yes no no no yes' "${output% }"
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
    for DOMAINS in "" one "one${NEWLINE}two"; do ask only_instances_left_in_place_run n1; printf "%s " "$ANSWER"; done'
  same 'yes yes no' "${output% }"
}
