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

@test "the copy of an instance is found by its name as it is written" {
  words '. lib/systems/nfv_copies.sh
copy_name() { printf "%s\n" "vm\\101-CHG1"; }
find_instances() { SAID=$(printf "%s\tACTIVE\t-\tRunning\thost\t%s\n" one vmA-CHG1 two "vm\\101-CHG1"); }
copy_id x'
  same two "$output"
}
