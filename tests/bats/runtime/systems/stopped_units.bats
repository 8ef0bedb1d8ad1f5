# Services that this change stops and starts again.

load ../helpers

setup() { bundle_up; }

@test "units that do not run: one that has failed, or is being started, is among them" {
  tool systemctl 'printf "%s\n" active failed inactive activating; exit 3'
  words '. "$BUNDLE/lib/systems/stopped_units.sh"; idle_units a.service b.service c.service d.service'
  same 'b.service c.service d.service' "$(paste -sd' ' <<<"$output")"
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
