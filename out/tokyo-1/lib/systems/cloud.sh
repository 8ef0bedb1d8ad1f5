# Questions about the overcloud's own services: what nova, cinder and neutron say of the control plane, before a node of it goes down and
# after it is back. A service that its owner has disabled is ignored.

# find_cloud_rows WORD COMMAND...: SAID is a client's list in JSON as rows of `parse services WORD`.
find_cloud_rows() { kept "$*" fetch_rows "$@"; }
fetch_rows() {
  local word=$1 command
  shift
  hear_overcloud "$@" || {
    quote_into command "$@"
    why "the overcloud does not answer: $*: $(said_last)" "rc: $command"
    return 2
  }
  parsed services "$word" <<<"$SAID" || return 2
}

# find_network_agents: sets SAID: HOST, TYPE, True or False, UP or DOWN. An empty list is believed only of a cloud that is meant to have no agent.
# Neutron with a plugin that does not know the extension `agent`, as Nuage's, has no such list at all: that is believed in the same way.
find_network_agents() {
  local words='the list of network agents is empty'
  if find_cloud_rows agents openstack network agent list -f json; then
    if [[ -n $SAID ]]; then return 0; fi
  else
    words="the overcloud does not answer: openstack network agent list: $(said_last)"
    is_no_such_list "$words" || return 2
  fi
  kept no-agents has_no_network_agents "$words" || return 2
  SAID=''
}

# is_no_such_list WORDS: neutron answers, and has nothing under that address (HTTP 404).
is_no_such_list() { [[ $1 =~ (HTTP |: |, )404|NotFoundException|The\ resource\ could\ not\ be\ found && $1 != *endpoint* ]]; }

# find_volume_services: sets SAID: rows as compute services have them; nothing of a cloud without cinder.
find_volume_services() { kept volumes fetch_volume_services; }
fetch_volume_services() {
  local how=empty words='the list of volume services is empty' remedy='rc: openstack volume service list'
  if hear_overcloud openstack volume service list -f json; then
    parsed services services <<<"$SAID" || return 2
    if [[ -n $SAID ]]; then return 0; fi
  else
    how=silent words="the overcloud does not answer: openstack volume service list: $(said_last)"
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

# services_not_up_on NODE...: of the rows on stdin, what is enabled on these nodes and is not up. Rows of machines that no longer exist do not count;
# cinder's services under Pacemaker belong to the host `hostgroup`, wherever they run.
services_not_up_on() {
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

# services_up_on NODE...: every service and agent that is enabled there is up.
services_up_on() {
  local node troubles remedy='rc: openstack network agent list; openstack compute service list; openstack volume service list'
  find_all_services || return 2
  troubles=$(services_not_up_on "$@" <<<"$SAID") || return 2
  case $troubles in
    *' on hostgroup'*) remedy+=' ;; on controller: sudo pcs status; sudo pcs resource restart openstack-cinder-volume' ;;
  esac
  for node in "$@"; do
    if [[ ${troubles,,} == *" on ${node,,}"[\ .@]* ]]; then remedy+=" ;; on $node: sudo systemctl status 'neutron-*' 'openstack-*'; ntpstat"; fi
  done
  why "${troubles//$'\n'/, }" "$remedy"
  [[ -z $troubles ]] || return 1
  why 'its services are up'
}

# services_up_beside NODE: the same on all other nodes of its group, which are to carry the load while it is away.
services_up_beside() {
  local node away=$1
  shift
  for node in "${NODES[@]}"; do
    if node_is "$node" composable && [[ $node != "$away" ]]; then set -- "$@" "$node"; fi
  done
  services_up_on "$@"
}

# What a site may do without: network agents, volumes, HAProxy. An empty list, or a client without its service, means a broken cloud or a
# cloud that never had it. Which of the two, the roles (puppet's service_names), keystone's catalogue or the spec say; never the list itself.

# find_services_of NODE: sets SAID: the TripleO services that puppet was given for it, asked once a run, since they stay there.
find_services_of() {
  local known=$SCRATCH/services-of-$1
  if [[ ! -s $known ]]; then
    hear_root_on "$1" hiera_value service_names || {
      why "the services of $1 cannot be read: $(said_last)" "on $1: sudo hiera service_names"
      return 2
    }
    printf '%s\n' "$SAID" >"$known.new.$BASHPID" || return 2
    mv -- "$known.new.$BASHPID" "$known" || return 2
  fi
  find_text "$known" || return 2
}

# What THT calls them in service_names.
AGENT_SERVICES='neutron_(l3|dhcp|metadata|[a-z0-9_]*agent)[a-z0-9_]*'
VOLUME_SERVICES='cinder_[a-z0-9_]+'
SWITCH_SERVICES='(neutron|opendaylight)_ovs[a-z0-9_]*'

# is_given NODE PATTERN: a service of that name is among those of the node. With a list that has no service at all it cannot tell.
is_given() {
  find_services_of "$1" || return 2
  why "puppet has no list of services on $1: $SAID" "on $1: sudo hiera service_names"
  [[ $SAID =~ \"[a-z0-9_]+\" ]] || return 2
  why "the roles give $1 no service of this kind" "on $1: sudo hiera service_names"
  [[ $SAID =~ \"($2)\" ]] || return 1
  why "the roles give $1 the service ${BASH_REMATCH[1]}" "on $1: sudo hiera service_names"
}

# given_to_nobody PATTERN: no node of the site has it; the reason names the first that has.
given_to_nobody() {
  local node status
  gather all is_given "$1"
  for node in "${NODES[@]}"; do
    find_gathered_status "$node" || return 2
    status=$SAID
    case $status in
      0) return 1 ;;
      1) ;;
      *) return 2 ;;
    esac
  done
  why 'no role of this site has it'
}

# has_no_network_agents WORDS: the cloud is to have no agent of neutron at all (Contrail, Nuage and others), so that an empty list is as it should be.
has_no_network_agents() {
  case $NEUTRON_AGENTS in
    false) return 0 ;;
    true)
      why "$1, and services.neutron_agents in the spec says that there are some" \
        'a site that has none says services: {neutron_agents: false} in the spec ;; rc: openstack network agent list'
      return 1
      ;;
  esac
  explained "$1" 'rc: openstack network agent list' 'services: {neutron_agents: false}' given_to_nobody "$AGENT_SERVICES"
}

# agents_may_lack HOW WORDS REMEDY: for judge_list_unless. If neutron does not answer, it is unknown whether it has agents.
agents_may_lack() {
  why "$2" "$3"
  if [[ $1 == silent ]]; then is_no_such_list "$2" || return 2; fi
  has_no_network_agents "$2"
}

# needs_no_network_agents NODE: by its roles this node has no network agent.
needs_no_network_agents() {
  case $NEUTRON_AGENTS in
    false) return 0 ;;
    true)
      why "neutron has no agent on $1, and services.neutron_agents in the spec says that there are some" \
        'a site that has none says services: {neutron_agents: false} in the spec ;; rc: openstack network agent list'
      return 1
      ;;
  esac
  explained "neutron has no agent on $1" 'rc: openstack network agent list' 'services: {neutron_agents: false}' opposite is_given "$1" "$AGENT_SERVICES"
}

# does_without_openvswitch NODE: no service of its roles is one of Open vSwitch's: the site's plugin brings another switch.
does_without_openvswitch() {
  [[ $1 != undercloud ]] || return 1
  opposite is_given "$1" "$SWITCH_SERVICES"
}

# has_no_volumes: the cloud has no cinder, by the endpoints of the catalogue, where the client looks for it too. They outlive a broken cinder; and so do the roles, where the catalogue has lost it.
has_no_volumes() {
  if [[ $VOLUMES == false ]]; then return 0; fi
  hear_overcloud openstack catalog list -f json || {
    why "keystone does not show its catalogue: $(said_last)" 'rc: openstack catalog list'
    return 2
  }
  parsed services catalogue <<<"$SAID" || return 2
  why "the catalogue of keystone is not plausible: it has no identity service" 'rc: openstack catalog list'
  has_line identity "$SAID" || return 2
  if [[ $'\n'$SAID == *$'\n'volume* ]]; then
    why 'the catalogue of keystone has a volume service' 'rc: openstack catalog list'
    return 1
  fi
  if [[ $VOLUMES == true ]]; then
    why 'the catalogue of keystone has no volume service, and services.volumes in the spec says that there is one' 'rc: openstack catalog list'
    return 1
  fi
  given_to_nobody "$VOLUME_SERVICES"
}

# volumes_may_lack HOW WORDS REMEDY: where the list of volume services is empty, or the client finds none to ask.
volumes_may_lack() { explained "$2" "$3" 'services: {volumes: false}' has_no_volumes; }

# explained WORDS REMEDY KEY QUESTION [ARG...]: its answer; the reason of a no is WORDS and its own, and the remedy has KEY, the line of the
# spec for a site without it.
explained() {
  local words=$1 remedy=$2 key=$3 status=0 reason=''
  shift 3
  "$@"
  status=$?
  if ((status == 0)); then return 0; fi
  if [[ -s ${WHY_FILE:-$SCRATCH/why} ]]; then IFS= read -r reason <"${WHY_FILE:-$SCRATCH/why}" || :; fi
  why "$words${reason:+; $reason}" "a site that has none says $key in the spec ;; $remedy"
  return "$status"
}

# judge_stated_services: what the spec says is there. A site that does not have it learns so on the first day, not hours later, when 2.07 is refused.
judge_stated_services() {
  local absent=' '
  if [[ $NEUTRON_AGENTS == true ]]; then judge_stated neutron_agents find_network_agents; fi
  if [[ $VOLUMES == true ]]; then judge_stated volumes find_volume_services; fi
  case $HAPROXY in
    true) judge_stated haproxy haproxy_is_there ;;
    false) judge_unasked_haproxy ;;
  esac
  if [[ $MONGODB == false ]]; then judge_unasked_mongodb; fi
}

# judge_stated KEY QUESTION: of a service that the spec says is there, by that key below `services`. The caller's `absent` has the keys of those
# that are not there; each finding's line takes up the one before it.
judge_stated() {
  local before
  before=$(services_line)
  ask "$2"
  # a check continues whatever it finds
  set +e
  case $ANSWER in
    no)
      absent+="$1 "
      fail "$WHY" "$REMEDY" "# services: instead of $before" "$(services_line)"
      ;;
    unknown) fail "cannot tell: ${WHY:-$2}" "$REMEDY" "# UNRESOLVED services.$1: false, if the site has none" ;;
  esac
}

# services_line: the line `services` of the spec, with false for what is `absent`; keys that are `auto` are left out.
services_line() {
  local key value said=''
  for key in neutron_agents volumes haproxy; do
    case $key in
      neutron_agents) value=$NEUTRON_AGENTS ;;
      volumes) value=$VOLUMES ;;
      haproxy) value=$HAPROXY ;;
    esac
    if [[ $absent == *" $key "* ]]; then value=false; fi
    if [[ $value != auto ]]; then said+="${said:+, }$key: $value"; fi
  done
  printf 'services: {%s}' "$said"
}

# judge_unasked_mongodb: the spec says mongodb: false. If the roles have it after all, its data would be in no backup.
judge_unasked_mongodb() {
  local node
  if node=$(mongodb_node) && [[ -n $node ]]; then
    warn "by its roles $node runs MongoDB, and it is not backed up: the spec says mongodb: false" \
      'take mongodb out of the spec, unless its data may be lost' '# take out mongodb: false, unless its data may be lost'
  fi
}

# carries_routers NODE: an L3 agent of neutron runs there.
carries_routers() {
  local hosts
  find_network_agents || return 2
  hosts=$(awk -F '\t' -v node="${1,,}" '$2 == "L3 agent" && (tolower($1) == node || index(tolower($1), node ".") == 1) { print $1 }' <<<"$SAID") || return 2
  [[ -n $hosts ]]
}

# find_routers: sets SAID: the ids of all routers.
find_routers() {
  # (as JSON, an empty list and no answer at all differ)
  hear_overcloud neutron router-list -f json -c id || {
    why "neutron does not list its routers: $(said_last)" 'rc: neutron router-list'
    return 2
  }
  parsed routers ids <<<"$SAID" || return 2
}

# find_agents_of_router ID: sets SAID: the L3 agents that have it, as JSON; an empty list where it has been deleted: with hundreds of routers that a
# client asks for one by one, their owners delete some meanwhile.
find_agents_of_router() {
  local words
  if hear_overcloud neutron l3-agent-list-hosting-router -f json "$1"; then return 0; fi
  words=$(said_last)
  find_routers || return 2
  why "neutron says nothing of the router $1: $words" "rc: neutron l3-agent-list-hosting-router $(quoted "$1")"
  if has_line "$1" "$SAID"; then return 2; fi
  SAID='[]'
}

# routers_survive_without NODE: every router that has more than one agent has a living one elsewhere, and is active on one now. A router
# without high availability goes down with its only agent, and comes back with it.
routers_survive_without() {
  local router verdict routers
  find_routers || return 2
  routers=$SAID
  for router in $routers; do
    find_agents_of_router "$router" || return 2
    parsed routers verdict "$1" <<<"$SAID" || return 2
    verdict=$SAID
    if [[ $verdict != well ]]; then
      why "router $router $verdict" "rc: neutron l3-agent-list-hosting-router $(quoted "$router")"
      return 1
    fi
  done
}
