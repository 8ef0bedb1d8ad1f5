# The control plane's cluster: Pacemaker, Galera and RabbitMQ, asked before a controller is taken out of it and after it is back.

# in_cluster COMMAND [ARG...]: sets SAID to what it prints on the first controller whose cluster answers: one that has just booted answers ssh well before that. Its
# name is in $SCRATCH/spoke; where none does, that of the first that answered ssh.
in_cluster() {
  local controller status silent=''
  for controller in "${NODES[@]}"; do
    if ! node_is "$controller" pacemaker; then continue; fi
    status=0
    hear_on "$controller" "$@" || status=$?
    if ((status == 0)); then
      printf '%s' "$controller" 2>/dev/null >"$SCRATCH/spoke" || :
      return 0
    fi
    if ((status != 255)); then silent=${silent:-$controller}; fi
  done
  if [[ -z $silent ]]; then nobody_answers pacemaker || return; fi
  printf '%s' "$silent" >"$SCRATCH/spoke"
  return 1
}

# find_crm_status WORD: sets SAID: what the cluster's own status has of this word, a line each: node, quorum, clone, trouble, fence_device.
find_crm_status() {
  kept crm_status fetch_crm_status || return 2
  find_fact "$1" "$SAID"
}
fetch_crm_status() {
  local controller status=0
  # unlike `pcs status` its words do not change between versions
  in_cluster sudo crm_mon --as-xml --inactive || status=$?
  if ((status == 255)); then return 2; fi
  if ((status != 0)); then
    IFS= read -r controller <"$SCRATCH/spoke" || :
    why "the cluster does not answer on $controller: $(said_last)" "where an update has failed, the second starts it ;; on $controller: sudo pcs status ;; on $controller: sudo pcs cluster start"
    return 2
  fi
  parsed pacemaker status <<<"$SAID" || return 2
  name_stopped_clones "$SAID"
  drop_stopped_on_purpose "$SAID"
}

# name_stopped_clones STATUS: sets SAID to it with a line of trouble for each clone that has idle instances and does not run where it should: on
# every node of a role that runs it. On nodes of other roles it is idle, and the cluster's status calls that stopped too, without a place.
name_stopped_clones() {
  local word name places idle node lines=''
  local -A roles
  while read -r word name places idle; do
    if [[ $word != clone || $idle == 0 ]]; then continue; fi
    if [[ $places == - ]]; then lines+="trouble $name is stopped"$'\n'; fi
    roles=()
    for node in "${NODES[@]}"; do
      if node_is "$node" pacemaker && is_among_hosts "$node" "$places"; then roles[${NODE_ROLE[$node]}]=yes; fi
    done
    for node in "${NODES[@]}"; do
      if node_is "$node" pacemaker && [[ -n ${roles[${NODE_ROLE[$node]}]-} ]] && ! is_among_hosts "$node" "$places"; then
        lines+="trouble $name is stopped on $node"$'\n'
      fi
    done
  done <<<"$1"
  SAID=$1${lines:+$'\n'${lines%$'\n'}}
}

# is_among_hosts NODE HOSTS: one of the hosts, joined by commas, is the node.
is_among_hosts() {
  local host
  local -a hosts
  IFS=, read -r -a hosts <<<"${2:--}"
  for host in "${hosts[@]}"; do
    if is_host_of "$host" "$1"; then return 0; fi
  done
  return 1
}

# drop_stopped_on_purpose STATUS: sets SAID to it without what is stopped on purpose. Pacemaker 1.1.15, of RHEL 7.3, does not print whether a
# resource is to run: it is asked for each that is stopped. One that it does not plainly call stopped on purpose is trouble.
drop_stopped_on_purpose() {
  local line name controller='' purpose='' left=''
  while IFS= read -r line; do
    if [[ $line == 'unsaid '* ]]; then
      name=${line#unsaid }
      controller=${controller:-$(<"$SCRATCH/spoke")}
      if hear_on "$controller" sudo crm_resource --resource "$name" --meta --get-parameter target-role && [[ ${SAID,,} == stopped ]]; then
        purpose+=$name$'\n'
      fi
      continue
    fi
    name=${line#trouble }
    name=${name%% is stopped*}
    if [[ $line != 'trouble '*' is stopped'* ]] || ! has_line "$name" "$purpose"; then left+=$line$'\n'; fi
  done <<<"$1"
  SAID=${left%$'\n'}
}

# all_cluster_nodes_online: every node of the spec that runs Pacemaker is Online, in one partition with quorum.
all_cluster_nodes_online() {
  local name state node
  local -A states=()
  find_crm_status node || return 2
  while read -r name state; do states[${name,,}]=$state; done <<<"$SAID"
  for node in "${NODES[@]}"; do
    if ! node_is "$node" pacemaker; then continue; fi
    if [[ ${states[${node,,}]-} != online ]]; then
      why "$node is ${states[${node,,}]:-not in the cluster}" "on $node: sudo pcs cluster start; sudo pcs status"
      return 1
    fi
  done
  find_crm_status quorum || return 2
  why 'the cluster has no quorum' 'on pacemaker: sudo pcs status'
  [[ $SAID == with ]]
}

# all_cluster_resources_started: nothing is stopped but on purpose, nothing failed.
all_cluster_resources_started() {
  find_crm_status trouble || return 2
  why "in the cluster: ${SAID//$'\n'/, }" 'when the cause is gone, the second cleans up ;; on controller: sudo pcs status ;; on controller: sudo pcs resource cleanup'
  [[ -z $SAID ]] || return 1
  why 'every resource of the cluster is started'
}

# no_action_has_failed: none is on Pacemaker's list of failed ones, where each stays until somebody removes it, or its node leaves the cluster.
no_action_has_failed() {
  local line failed=''
  find_crm_status trouble || return 2
  while IFS= read -r line; do
    if [[ $line == *' ended with '* ]]; then failed+=${failed:+$'\n'}$line; fi
  done <<<"$SAID"
  SAID=$failed
  why "in the cluster: ${SAID//$'\n'/, }" 'when the cause is gone, the second cleans up ;; on controller: sudo pcs status ;; on controller: sudo pcs resource cleanup'
  [[ -z $SAID ]]
}

# clones_run_beside NODE: what runs there, as on other nodes of its role, runs on one of these too. A role of one node has no other.
clones_run_beside() {
  local name places node beside
  if ! node_is "$1" pacemaker; then return 0; fi
  find_crm_status clone || return 2
  while read -r name places _; do
    if [[ -z $name ]] || ! is_among_hosts "$1" "$places"; then continue; fi
    beside=none
    for node in "${NODES[@]}"; do
      if [[ $node == "$1" || ${NODE_ROLE[$node]} != "${NODE_ROLE[$1]}" ]]; then continue; fi
      beside=stopped
      if is_among_hosts "$node" "$places"; then
        beside=runs
        break
      fi
    done
    if [[ $beside == stopped ]]; then
      why "$name runs on $1 alone" 'when the cause is gone, the second cleans up ;; on controller: sudo pcs status ;; on controller: sudo pcs resource cleanup'
      return 1
    fi
  done <<<"$SAID"
  why "what runs on $1 runs on another node too"
}

cluster_node_online() {
  find_crm_status node || return 2
  why "$1 is not Online in the cluster" "on $1: sudo pcs cluster start"
  has_line "${1,,} online" "${SAID,,}"
}

galera_word() { on "$1" sudo clustercheck; }

# galera_synced_on NODE: what it prints counts; the exit status may also be ssh's or sudo's.
galera_synced_on() {
  local word
  word=$(galera_word "$1") || [[ -n $word ]] || return 2
  galera_says_synced "$1" "$word"
}

galera_says_synced() {
  case $2 in
    *'is synced'*) return 0 ;;
    *'is not synced'*)
      why "galera is not synced on $1" "on $1: sudo clustercheck; sudo tail -n 30 /var/log/mysqld.log"
      return 1
      ;;
    *)
      why "galera on $1 does not answer" "on $1: sudo clustercheck"
      return 2
      ;;
  esac
}

# On every node that runs it, which need not be the controllers.
galera_synced_on_all() {
  local nodes node word
  find_some_nodes_with mysql || return 2
  nodes=$SAID
  gather control_plane if_among "$nodes" galera_word
  while IFS= read -r node; do
    find_gathered "$node" || return 2
    word=$SAID
    galera_says_synced "$node" "$word" || return
  done <<<"$nodes"
}

# A node passes its own health check on its side of a split cluster too.
rabbit_word() { rabbit_health "$1" && rabbit_terms "$1"; }
rabbit_health() { on "$1" sudo rabbitmqctl node_health_check; }
rabbit_terms() { on "$1" sudo rabbitmqctl cluster_status; }

# 69 (in older ones 2) and 70 are rabbitmqctl's own words for a node that is down, and for one that is ill.
rabbit_says_healthy() {
  case $2 in
    0) return 0 ;;
    69 | 2)
      why "rabbitmq does not run on $1" "on $1: sudo pcs status; sudo pcs resource cleanup rabbitmq; sudo ls -t /var/log/rabbitmq"
      return 1
      ;;
    70)
      why "rabbitmq on $1 fails its health check" "on $1: sudo rabbitmqctl node_health_check; sudo rabbitmqctl cluster_status"
      return 1
      ;;
    *)
      why "rabbitmq on $1 does not answer" "on $1: sudo rabbitmqctl node_health_check"
      return 2
      ;;
  esac
}

# rabbit_says_whole NODE CLUSTER_STATUS COUNT: its Erlang terms run over several lines. Those that see all COUNT of them are one cluster.
rabbit_says_whole() {
  local terms
  # (bash would take minutes for what is long and full of blanks)
  terms=$(tr --delete ' \n' <<<"$2")
  # (a name may hold such words too: a partition counts, whatever else is said)
  case ${terms//'{partitions,[]}'/} in
    *'{partitions,['*)
      why "rabbitmq on $1 sees its cluster split: $(sed 's/.*{partitions,\[//; s/\]}\]}.*/]}/' <<<"$terms")" \
        'compare; on the side that gives way, sudo rabbitmqctl stop_app and then start_app ;; on pacemaker: sudo rabbitmqctl cluster_status'
      return 1
      ;;
    "$terms")
      why "rabbitmq on $1 does not say whether its cluster is whole" "on $1: sudo rabbitmqctl cluster_status"
      return 2
      ;;
    *) rabbit_runs_with_all "$1" "$terms" "$3" ;;
  esac
}

# rabbit_runs_with_all NODE TERMS COUNT: one that came up alone is healthy, and knows of no partition: it has a cluster of its own.
rabbit_runs_with_all() {
  local running all=$3
  local -a names
  why "rabbitmq on $1 does not list the nodes it runs with" "on $1: sudo rabbitmqctl cluster_status"
  [[ $2 == *'{running_nodes,['* ]] || return 2
  running=${2#*'{running_nodes,['}
  running=${running%%]*}
  IFS=, read -r -a names <<<"$running"
  why "rabbitmq on $1 runs with ${#names[@]} of $all: ${running//,/, }" \
    "compare; a node that runs alone joins when sudo pcs resource restart rabbitmq-clone names it ;; on pacemaker: sudo rabbitmqctl cluster_status"
  numbers all || return 2
  ((${#names[@]} >= all))
}

rabbit_healthy_on_all() {
  local nodes node status words lines
  local -i count
  find_some_nodes_with rabbitmq || return 2
  nodes=$SAID
  lines=${nodes//[!$'\n']/}
  count=$((${#lines} + 1))
  gather control_plane if_among "$nodes" rabbit_word
  # nodes that are down are named before those that miss them
  while IFS= read -r node; do
    find_gathered_status "$node" || return 2
    status=$SAID
    rabbit_says_healthy "$node" "$status" || return
  done <<<"$nodes"
  while IFS= read -r node; do
    find_gathered "$node" || return 2
    words=$SAID
    rabbit_says_whole "$node" "$words" "$count" || return
  done <<<"$nodes"
}

# The cluster gate: before anything takes a controller out, and again before the next one.
cluster_is_whole() { all_cluster_nodes_online && galera_synced_on_all && rabbit_healthy_on_all; }
cluster_can_lose() { cluster_is_whole && others_serve "$1"; }
# cluster_can_reboot NODE: nor has an action failed, which would keep the node from counting as back in the cluster.
cluster_can_reboot() { cluster_can_lose "$1" && no_action_has_failed; }
# others_serve NODE: what it serves, as a resource of the cluster or behind HAProxy, another one serves too.
others_serve() { clones_run_beside "$1" && haproxy_reaches_beside "$1"; }

# Judges, for the checks of the first day and of the last: what the gates above would refuse, and all of it at once. What settles by itself is
# `not_yet`.

judge_cluster() {
  judge_soon all_cluster_nodes_online
  # a failed action stays on the list until somebody removes it
  if find_crm_status trouble && [[ $SAID == *' ended with '* ]]; then
    judge_question all_cluster_resources_started
  else
    judge_soon all_cluster_resources_started
  fi
}

# judge_where_it_runs SERVICE NAME JUDGE: JUDGE NODES, one per line, those of the control plane that run the service.
judge_where_it_runs() {
  local nodes
  nodes=$(some_nodes_with "$1")
  if [[ -z $nodes ]]; then
    fail "cannot tell which nodes run $2" 'on control_plane: sudo hiera service_names'
    return
  fi
  "$3" "$nodes"
}

judge_galera() {
  local nodes=$1 node
  gather control_plane if_among "$nodes" galera_word
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_soon galera_says_synced "$node" "$(gathered "$node")"
  done <<<"$nodes"
}

judge_rabbit() {
  local nodes=$1 node count terms judge
  gather control_plane if_among "$nodes" rabbit_health
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    judge_soon rabbit_says_healthy "$node" "$(gathered_status "$node")"
  done <<<"$nodes"
  # a node that is well by itself may still be on one side of a split, or alone
  count=$(awk 'END { print NR }' <<<"$nodes")
  gather control_plane if_among "$nodes" rabbit_terms
  while IFS= read -r node; do
    log_answer "$node" "$SCRATCH/gather/$node"
    terms=$(gathered "$node")
    # one that is still alone may join; a split must be ended by people
    judge=judge_soon
    if [[ $(tr --delete ' \n' <<<"$terms") == *'{partitions,[{'* ]]; then judge=judge_question; fi
    "$judge" rabbit_says_whole "$node" "$terms" "$count"
  done <<<"$nodes"
}

# find_cluster_properties: sets SAID. Their list has a title: an answer without it may lack properties that are set.
find_cluster_properties() {
  local status=0
  kept properties in_cluster sudo pcs property show || status=$?
  if ((status == 255)); then return 255; fi
  if ((status == 0)) && [[ $SAID == 'Cluster Properties:'* ]]; then return 0; fi
  if ((status == 0)); then
    why "pcs on $(<"$SCRATCH/spoke") does not answer with its list of properties" "on $(<"$SCRATCH/spoke"): sudo pcs property show"
  else
    why "the cluster's properties cannot be read on $(<"$SCRATCH/spoke"): $(said_last)" "on $(<"$SCRATCH/spoke"): sudo pcs property show"
  fi
  return 2
}

# find_cluster_property NAME: sets SAID: its value, nothing where it is not set.
find_cluster_property() {
  local name value found=''
  find_cluster_properties || return 2
  while read -r name value; do
    if [[ $name == "$1:" ]]; then found=$value; fi
  done <<<"$SAID"
  SAID=$found
}

# Fencing is on unless it was switched off: that is Pacemaker's own default.
fencing_enabled() {
  find_cluster_property stonith-enabled || return 2
  why 'stonith-enabled is false: fencing is off' 'on controller: sudo pcs property set stonith-enabled=true'
  [[ -z $SAID || $SAID == true ]] || return 1
  why 'fencing is on'
}

# Fencing without a device keeps every resource from starting.
cluster_has_fence_device() {
  find_crm_status fence_device || return 2
  why 'the cluster has no fence device' 'make one (sudo pcs stonith create), or set fencing: false in the spec'
  [[ -n $SAID ]]
}

# A property that this change may set is claimed in the cluster itself, with the value that was found, under a name that begins so.
CLUSTER_CLAIMS=osp-runbook-${CHANGE//[^A-Za-z0-9_.-]/_}-

# find_claimed_property NAME: sets SAID: the value that was found, nothing where it is not claimed.
find_claimed_property() { find_cluster_property "$CLUSTER_CLAIMS$1"; }

claimed_cluster_property() {
  find_claimed_property "$1" || return 2
  [[ -n $SAID ]]
}

claims_of_cluster_property() {
  local name claims=''
  find_cluster_properties || return 2
  while read -r name _; do
    if [[ $name == "$CLUSTER_CLAIMS"* ]]; then
      name=${name#"$CLUSTER_CLAIMS"}
      claims+=${claims:+$'\n'}${name%:}
    fi
  done <<<"$SAID"
  SAID=$claims
}

# speaker_of_cluster: prints the first controller whose cluster answers: one that has just booted, or is in the middle of its packages, takes no property.
speaker_of_cluster() {
  find_cluster_properties || return
  printf '%s\n' "$(<"$SCRATCH/spoke")"
}

claim_cluster_property() {
  local controller value
  answer claimed_cluster_property "$1"
  if [[ $ANSWER == yes ]]; then return; fi
  controller=$(speaker_of_cluster)
  value=$(printed find_cluster_property "$1")
  # pcs knows no property of this name and requires --force for it
  on "$controller" sudo pcs property set --force "$CLUSTER_CLAIMS$1=${value:-unset}"
}

release_cluster_property() {
  local controller
  controller=$(speaker_of_cluster)
  on "$controller" sudo pcs property unset "$CLUSTER_CLAIMS$1"
}
