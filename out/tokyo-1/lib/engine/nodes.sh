# The nodes of this site: lib/nodes.tsv, read as data. Columns: name, role, address, groups (words joined by commas).

# Every step asks for them, for every node: they are read once.
NODES=()
declare -A NODE_ROLE=() NODE_ADDRESS=() NODE_GROUPS=()
read_nodes() {
  local name role address groups
  while IFS=$'\t' read -r name role address groups; do
    if [[ $name == '#'* ]]; then continue; fi
    NODES+=("$name")
    NODE_ROLE[$name]=$role NODE_ADDRESS[$name]=$address NODE_GROUPS[$name]=,$groups,
  done <"$COPY/lib/nodes.tsv"
}
read_nodes

# nodes_in GROUP: their names, in the spec's order.
nodes_in() {
  local name
  for name in "${NODES[@]}"; do
    if node_is "$name" "$1"; then printf '%s\n' "$name"; fi
  done
}

node_address() {
  [[ -n ${NODE_ADDRESS[${1:--}]-} ]] && printf '%s\n' "${NODE_ADDRESS[${1:--}]}"
}

node_role() {
  [[ -n ${NODE_ROLE[${1:--}]-} ]] && printf '%s\n' "${NODE_ROLE[${1:--}]}"
}

# node_is NODE GROUP: a plain yes or no, from the spec alone.
node_is() { [[ ${NODE_GROUPS[${1:--}]-} == *",$2,"* ]]; }

# is_host_of HOST NODE: HOST is what nova, neutron, pacemaker or the machine calls the node: its short or its full name. The host's own name is
# the server's in small letters, whatever `openstack server list` shows; no two nodes differ by case alone.
is_host_of() { [[ ${1,,} == "${2,,}" || ${1,,} == "${2,,}".* ]]; }

# is_host_of_spec HOST: it is a node of the spec.
is_host_of_spec() {
  local node
  for node in "${NODES[@]}"; do
    if is_host_of "$1" "$node"; then return 0; fi
  done
  return 1
}

count_of() {
  local name
  local -i count=0
  for name in "${NODES[@]}"; do
    if node_is "$name" "$1"; then count+=1; fi
  done
  printf '%d\n' "$count"
}

# no_node_deployed_here: a plain yes or no, from the spec alone: every node is a deployed server, so that this undercloud's ironic, heat and nova
# may know none of them.
no_node_deployed_here() { [[ $(count_of all) == "$(count_of deployed_server)" ]]; }

# has_line LINE TEXT
has_line() { [[ $'\n'"$2"$'\n' == *$'\n'"$1"$'\n'* ]]; }

# not_in_group NODE GROUP: a question for steps that concern some nodes of their group alone.
not_in_group() {
  why "nothing to do: not in the group $2"
  opposite node_is "$1" "$2"
}
