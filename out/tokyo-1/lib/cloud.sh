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

# find_network_agents: sets SAID: HOST, TYPE, True or False, UP or DOWN. An empty list is believed only of a cloud that is to have no agent.
find_network_agents() {
  find_cloud_rows agents openstack network agent list -f json || return 2
  if [[ -n $SAID ]]; then return 0; fi
  kept no-agents has_no_network_agents || return 2
  SAID=''
}

# find_volume_services: sets SAID: rows as compute services have them; nothing of a cloud without cinder.
find_volume_services() { kept volumes fetch_volume_services; }
fetch_volume_services() {
  local how=empty words='the list of volume services is empty' remedy='openstack volume service list'
  if hear_overcloud openstack volume service list -f json; then
    parsed services services <<<"$SAID" || return 2
    if [[ -n $SAID ]]; then return 0; fi
  else
    how=silent words="the overcloud does not answer: openstack volume service list: $(said_last)"
    remedy+=" as the operator, with ~/${STACK}rc"
  fi
  volumes_may_lack "$how" "$words" "$remedy" || return 2
  SAID=''
}

# find_all_services: sets SAID: `agent` or `service` before each row of the three lists.
find_all_services() {
  local rows
  find_network_agents || return 2
  rows=${SAID:+agent$'\t'${SAID//$'\n'/$'\n'agent$'\t'}}
  find_cloud_rows services openstack compute service list --long -f json || return 2
  rows+=$'\n'service$'\t'${SAID//$'\n'/$'\n'service$'\t'}
  find_volume_services || return 2
  SAID=$rows${SAID:+$'\n'service$'\t'${SAID//$'\n'/$'\n'service$'\t'}}
}

# troubles_on NODE...: of the rows on stdin, what is wanted on these nodes and is not up. Rows of machines that are no more do not count;
# cinder's services under Pacemaker belong to the host `hostgroup`, wherever they run.
troubles_on() {
  awk -F '\t' -v nodes="$*" '
    BEGIN { count = split(tolower(nodes), names, " ") }
    function ours(host) {
      sub(/@.*/, "", host)
      host = tolower(host)
      if (host == "hostgroup") return 1
      for (i = 1; i <= count; i++) if (host == names[i] || index(host, names[i] ".") == 1) return 1
      return 0
    }
    $1 == "agent" && ours($2) && $5 == "UP" && $4 != "True" { print "the " $3 " on " $2 " is not alive" }
    $1 == "service" && ours($2) && $4 == "enabled" && $5 != "up" { print $3 " on " $2 " is " $5 }'
}

# services_up_on NODE...: every service and agent that is wanted there is up.
services_up_on() {
  local troubles remedy='openstack network agent list; openstack compute service list; openstack volume service list'
  find_all_services || return 2
  troubles=$(troubles_on "$@" <<<"$SAID") || return 2
  case $troubles in
    *' on hostgroup'*) remedy+='; on a controller: sudo pcs status; sudo pcs resource restart openstack-cinder-volume' ;;
    *) remedy+="; on that node: sudo systemctl status 'neutron-*' 'openstack-*'; ntpstat" ;;
  esac
  why "${troubles//$'\n'/, }" "$remedy"
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
