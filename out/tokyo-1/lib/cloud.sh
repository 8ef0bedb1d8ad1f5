# The overcloud's own services, as questions: what nova, cinder and neutron say of the control plane, before a node of it goes down and
# after it is back. A service that its owner has disabled is none of our business.

# cloud_rows WORD COMMAND...: a client's list in JSON as rows of `parse services WORD`.
cloud_rows() { kept "$*" fetch_rows "$@"; }
fetch_rows() {
  local word=$1 list
  shift
  list=$(with_overcloudrc "$@") || {
    why "the overcloud does not answer: $*" "$* as the operator, with ~/${STACK}rc"
    return 2
  }
  parse services "$word" <<<"$list" || return 2
}

# network_agents: HOST, TYPE, True or False, UP or DOWN. A cloud without any agent is a list that cannot be believed.
network_agents() {
  local agents
  agents=$(cloud_rows agents openstack network agent list -f json) || return 2
  if [[ -z $agents ]]; then
    why 'the list of network agents is empty' 'openstack network agent list'
    return 2
  fi
  printf '%s\n' "$agents"
}

# all_services: `agent` or `service` before each row of the three lists.
all_services() {
  local agents computes volumes
  agents=$(network_agents) || return 2
  computes=$(cloud_rows services openstack compute service list --long -f json) || return 2
  volumes=$(cloud_rows services openstack volume service list -f json) || return 2
  awk '{ print "agent\t" $0 }' <<<"$agents"
  awk 'NF { print "service\t" $0 }' <<<"$computes"$'\n'"$volumes"
}

# troubles_on NODE...: of the rows on stdin, what is wanted on these nodes and is not up. Rows of machines that are no more do not count;
# cinder's services under Pacemaker belong to the host `hostgroup`, wherever they run.
troubles_on() {
  awk -F '\t' -v nodes="$*" '
    BEGIN { count = split(nodes, names, " ") }
    function ours(host) {
      sub(/@.*/, "", host)
      if (host == "hostgroup") return 1
      for (i = 1; i <= count; i++) if (host == names[i] || index(host, names[i] ".") == 1) return 1
      return 0
    }
    $1 == "agent" && ours($2) && $5 == "UP" && $4 != "True" { print "the " $3 " on " $2 " is not alive" }
    $1 == "service" && ours($2) && $4 == "enabled" && $5 != "up" { print $3 " on " $2 " is " $5 }'
}

# services_up_on NODE...: every service and agent that is wanted there is up.
services_up_on() {
  local rows troubles
  rows=$(all_services) || return 2
  troubles=$(troubles_on "$@" <<<"$rows") || return 2
  why "${troubles//$'\n'/, }" 'openstack network agent list; openstack compute service list; openstack volume service list'
  [[ -z $troubles ]] || return 1
  why 'its services are up'
}

# services_up_beside NODE: the same on all other nodes of its group, which are to carry the load while it is away.
services_up_beside() {
  local node
  local -a others=()
  while IFS= read -r node; do
    if [[ $node != "$1" ]]; then others+=("$node"); fi
  done < <(nodes_in composable)
  services_up_on "${others[@]+"${others[@]}"}"
}
