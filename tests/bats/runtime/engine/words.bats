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
