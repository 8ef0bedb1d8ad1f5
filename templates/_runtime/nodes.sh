# The nodes of this site: lib/nodes.tsv, read as data. Columns: name, role, address, groups (words joined by commas).

# nodes_in GROUP: their names, in the spec's order.
nodes_in() {
  awk -F '\t' -v group="$1" '!/^#/ && index("," $4 ",", "," group ",") { print $1 }' "$BUNDLE/lib/nodes.tsv"
}

# Every command on a node needs its address: kept here, so that none has to look for it.
declare -A NODE_ADDRESS=()
read_addresses() {
  local name address
  while IFS=$'\t' read -r name _ address _; do
    if [[ $name != '#'* ]]; then NODE_ADDRESS[$name]=$address; fi
  done <"$BUNDLE/lib/nodes.tsv"
}
read_addresses

node_address() {
  [[ -n ${NODE_ADDRESS[${1:--}]-} ]] && printf '%s\n' "${NODE_ADDRESS[${1:--}]}"
}

node_role() {
  awk -F '\t' -v name="$1" '$1 == name { print $2; found = 1; exit } END { exit !found }' "$BUNDLE/lib/nodes.tsv"
}

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

# has_line LINE TEXT
has_line() { [[ $'\n'"$2"$'\n' == *$'\n'"$1"$'\n'* ]]; }

# not_in_group NODE GROUP: a question for steps that concern some nodes of their group alone.
not_in_group() {
  why "not a node of the group $2"
  opposite node_is "$1" "$2"
}
