# Neutron's routers: which would be left without an active L3 agent if a node went down.

# carries_routers NODE: an L3 agent of neutron runs there.
carries_routers() {
  local hosts
  find_network_agents || return 2
  hosts=$(awk -F '\t' -v node="${1,,}" '$2 == "L3 agent" && (tolower($1) == node || index(tolower($1), node ".") == 1) { print $1 }' <<<"$SAID") || return 2
  [[ -n $hosts ]]
}

# routers_survive_without NODE: every router that has more than one agent has a living one elsewhere, and is active on one now. A router
# without high availability goes down with its only agent, and comes back with it.
routers_survive_without() {
  local routers router agents verdict
  hear_overcloud neutron router-list -f value -c id || {
    why "neutron does not list its routers: $(said_last)" 'neutron router-list'
    return 2
  }
  routers=$SAID
  for router in $routers; do
    hear_overcloud neutron l3-agent-list-hosting-router -f json "$router" || return 2
    agents=$SAID
    parsed routers verdict "$1" <<<"$agents" || return 2
    verdict=$SAID
    if [[ $verdict != well ]]; then
      why "router $router $verdict" "neutron l3-agent-list-hosting-router $router"
      return 1
    fi
  done
}
