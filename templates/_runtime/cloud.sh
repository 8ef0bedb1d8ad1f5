# The overcloud's own services, as questions: what nova, cinder and neutron say of the control plane, before a node of it goes down and
# after it is back. A service that its owner has disabled is none of our business.

# find_cloud_rows WORD COMMAND...: SAID is a client's list in JSON as rows of `parse services WORD`.
find_cloud_rows() { kept "$*" fetch_rows "$@"; }
fetch_rows() {
  local word=$1
  shift
  hear_overcloud "$@" || {
    why "the overcloud does not answer: $*: $(said_last)" "$* as the operator, with ~/${STACK}rc"
    return 2
  }
  parsed services "$word" <<<"$SAID" || return 2
}

# find_network_agents: sets SAID: HOST, TYPE, True or False, UP or DOWN. A cloud without any agent is a list that cannot be believed.
find_network_agents() {
  find_cloud_rows agents openstack network agent list -f json || return 2
  if [[ -z $SAID ]]; then
    why 'the list of network agents is empty' 'openstack network agent list'
    return 2
  fi
}

# find_all_services: sets SAID: `agent` or `service` before each row of the three lists.
find_all_services() {
  local rows
  find_network_agents || return 2
  rows=agent$'\t'${SAID//$'\n'/$'\n'agent$'\t'}
  find_cloud_rows services openstack compute service list --long -f json || return 2
  rows+=$'\n'service$'\t'${SAID//$'\n'/$'\n'service$'\t'}
  find_cloud_rows services openstack volume service list -f json || return 2
  SAID=$rows$'\n'service$'\t'${SAID//$'\n'/$'\n'service$'\t'}
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
  local troubles
  find_all_services || return 2
  troubles=$(troubles_on "$@" <<<"$SAID") || return 2
  why "${troubles//$'\n'/, }" 'openstack network agent list; openstack compute service list; openstack volume service list'
  [[ -z $troubles ]] || return 1
  why 'its services are up'
}

# services_up_beside NODE: the same on all other nodes of its group, which are to carry the load while it is away.
services_up_beside() {
  local node
  local -a others=()
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" composable; then continue; fi
    if [[ $node != "$1" ]]; then others+=("$node"); fi
  done
  services_up_on "${others[@]+"${others[@]}"}"
}
