# The nodes of this site: lib/nodes.tsv, read as data. Columns: name, role, address, groups (words joined by commas).

# nodes_in GROUP: their names, in the spec's order.
nodes_in() {
  awk -F '\t' -v group="$1" '!/^#/ && index("," $4 ",", "," group ",") { print $1 }' "$BUNDLE/lib/nodes.tsv"
}

node_field() {
  awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column; found = 1; exit } END { exit !found }' "$BUNDLE/lib/nodes.tsv"
}

node_address() { node_field "$1" 3; }
node_role() { node_field "$1" 2; }

# node_is NODE GROUP: a plain yes or no, from the spec alone.
node_is() {
  awk -F '\t' -v name="$1" -v group="$2" '$1 == name && index("," $4 ",", "," group ",") { found = 1 } END { exit !found }' \
    "$BUNDLE/lib/nodes.tsv"
}

# The first node of a group, for what any one of them can answer.
first_of() {
  awk -F '\t' -v group="$1" '!/^#/ && index("," $4 ",", "," group ",") { print $1; exit }' "$BUNDLE/lib/nodes.tsv"
}

count_of() { nodes_in "$1" | awk 'END { print NR }'; }

# not_in_group NODE GROUP: a question for steps that concern some nodes of their group alone.
not_in_group() {
  why "not a node of the group $2"
  opposite node_is "$1" "$2"
}
