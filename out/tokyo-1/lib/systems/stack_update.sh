# The package update of the overcloud: whether it is done, whose it is, and the conversation with its client.

# plan_began: when this change began to upload its plan, in seconds since 1970.
plan_began() {
  local kept
  find_record plan || return 2
  kept=$SAID
  if [[ -z $kept ]]; then
    why 'this change has not uploaded the plan yet' "$(way_to_step update_plan)"
    return 1
  fi
  printf '%s\n' "${kept%% *}"
}

# update_is_done: heat ended the update that began after our plan, each node carries its mark, and none is half updated. A stack that is
# COMPLETE proves nothing: it was that before.
update_is_done() { update_has_ended && every_node_is_whole; }

update_has_ended() {
  local last status identifier
  find_plan_record || return
  last=${SAID##* }
  find_stack_fact status || return 2
  status=$SAID
  find_stack_fact update_identifier || return 2
  identifier=$SAID
  why "the stack is $status" "stackrc: openstack stack failures list $STACK"
  [[ $status == *_COMPLETE ]] || return 1
  why 'heat knows no package update of the stack: there was none yet, or somebody has deployed since'
  [[ -n $identifier ]] || return 1
  why "the last package update of the stack is older than this change's plan ($identifier)"
  [[ $identifier != "$last" ]] || return 1
  numbers identifier || return 2
  every_node_marked "$identifier"
}

# every_node_marked IDENTIFIER: what the nodes say of it stays gathered.
every_node_marked() {
  local node begun=$1
  numbers begun || return 2
  time_into begun '%F %TZ' "$begun"
  gather all update_facts_on "$1"
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    find_gathered_status "$node" || return 2
    if [[ $SAID != 0 ]]; then
      why "$node does not answer, so it is unknown whether it was updated" "$WHERE_A_NODE_IS_SILENT"
      return 2
    fi
    find_gathered "$node" || return 2
    why "$node was not updated: it has no mark of the update $1 (begun $begun)" 'run this section again'
    has_line 'mark yes' "$SAID" || return 1
  done
  why "every node has the update of $begun"
}

# every_node_is_whole: of the nodes' facts: nothing is on offer that was so when the update began, no transaction of yum broke off, and
# computes have what puppet brings with an update.
every_node_is_whole() {
  local missing
  local node before facts
  find_record offers-before || return 2
  before=$SAID
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    find_gathered "$node" || return 2
    facts=$SAID
    node_is_whole "$node" "$facts" || return
    if ! yum_gave_offers "$node" "$facts"; then
      offers_are_installed "$node" "$before" "$facts" || return 2
      continue
    fi
    sort_offers "$node" "$before" "$facts" || return 2
    first_offers "$LEFT" || return 2
    why "the update has not installed everything: updates are on offer on $node: $SAID" "yum says why ;; on $node: sudo yum --assumeno update"
    [[ -z $LEFT ]] || return 1
    tell_of_later "$node" "$PUBLISHED_LATER" || return 2
  done
  why 'every node has the update, and what was on offer when it began is installed'
}

# node_is_whole NODE FACTS: an update that fails between yum and puppet leaves a node that has nothing on offer any more, and the next update
# has its puppet install no package there (yum_update.sh: update_managed_packages).
node_is_whole() {
  local missing
  find_fact unfinished "$2" || return 2
  why "$1 is half updated: a transaction of yum was interrupted there (${SAID//$'\n'/, })" \
    "on $1: sudo yum-complete-transaction; sudo package-cleanup --problems"
  [[ -z $SAID ]] || return 1
  find_fact missing "$2" || return 2
  words_into missing "$SAID"
  why "$1 is half updated: $SAID is not installed (an update that fails before puppet leaves it out)" \
    "on $1: sudo yum -y install $missing"
  [[ -z $SAID ]]
}

update_facts_on() {
  local due=''
  # live migration needs it, and puppet brings it (tripleo-heat-templates a1e633c07)
  if node_is "$1" computes; then due=openstack-nova-migration; fi
  as_root_on "$1" update_facts "$2" ${due:+"$due"}
}

# Run by root on the node. Yum keeps a file of each transaction until it has ended well.
update_facts() {
  local file package said
  if [[ -e /var/lib/overcloud-yum-update/$1 ]]; then printf 'mark yes\n'; else printf 'mark no\n'; fi
  shift
  for file in /var/lib/yum/transaction-all.*; do
    if [[ -e $file && $file != *.disabled ]]; then printf 'unfinished %s\n' "${file##*/}"; fi
  done
  for package in "$@"; do
    # it ends with 1 for a database that it cannot read too
    said=$(rpm --query "$package") || [[ $said == *'is not installed'* ]]
    if [[ $said == *'is not installed'* ]]; then printf 'missing %s\n' "$package"; fi
  done
  offer_facts
}

# no_finished_update: one that has ended everywhere is not started again for what it has left undone on a node; that is done on the node.
no_finished_update() { either opposite update_has_ended -- every_node_is_whole; }

# stack_is_idle: nobody deploys or updates it, and heat has nothing else to do. The client would attach to a colleague's deployment, and report
# that one's end as ours.
stack_is_idle() {
  find_stack_fact status || return 2
  why "the stack $STACK is $SAID, by somebody else's deployment or update" 'wait until it ends'
  [[ $SAID != *_IN_PROGRESS ]] || return 1
  heat_is_idle
}

# update_since LAST STATUS NOT_SO REMEDY: the stack has this status by another package update than this; NOT_SO ends the reason of a no.
update_since() {
  local identifier status
  find_stack_fact status || return 2
  status=$SAID
  find_stack_fact update_identifier || return 2
  identifier=$SAID
  why "the stack $STACK is $status$3" "$4"
  [[ $status == "$2" && -n $1 && $identifier =~ ^[1-9][0-9]{0,17}$ && $identifier != "$1" ]]
}

running_update_is_ours() {
  find_plan_record || return
  update_since "${SAID##* }" UPDATE_IN_PROGRESS ", by somebody else's deployment or update" 'wait until it ends'
}

running_update_has_its_plan() {
  running_update_is_ours || return
  why 'the running update uses the plan as it was uploaded; later changes of the files are not in it'
}

# What failed may be cured by a file of the plan, which is then uploaded again, and once more if that was not the cause.
update_of_ours_failed() {
  find_record plan-first || return 2
  update_since "$SAID" UPDATE_FAILED '' "stackrc: openstack stack failures list $STACK"
}

# no_update_runs: heat is at work on nothing of the stack.
no_update_runs() {
  local status
  find_stack_fact status || return 2
  status=$SAID
  why "the stack $STACK is $status" 'wait until it ends'
  [[ $status != *_IN_PROGRESS ]]
}

no_breakpoint_waits() {
  local waiting
  waiting=$(breakpoints_waiting) || return 2
  [[ -z $waiting ]]
}

# In which state the overcloud's update is once its client has ended: heat is asked, since a client that loses its token, or the API for a
# moment, ends with 1 while the update continues.

# tell_of_client STATUS: comes back where the update is COMPLETE, and ends the apply elsewhere.
tell_of_client() {
  local ended="the client ended with $1"
  # the client's own output is above
  ask update_ended_well
  case $ANSWER in
    yes)
      note "$ended, and heat has the update as COMPLETE"
      return 0
      ;;
    unknown)
      give_up "$ended, and heat does not answer, so the state of the update is unknown: ${WHY:-no reason given}; \
the update itself goes on without its client: once heat answers, the same command attaches to it again"
      ;;
  esac
  ask no_update_runs
  if [[ $ANSWER == no ]]; then
    give_up "$ended, and the update goes on without it: heat has it as IN_PROGRESS; the same command attaches to it again"
  fi
  tell_of_end "$ended"
}

# update_ended_well: the stack is COMPLETE by the update that began after our plan.
update_ended_well() {
  find_plan_record || return
  update_since "${SAID##* }" UPDATE_COMPLETE '' "stackrc: openstack stack failures list $STACK"
}

# tell_of_end [ENDED]: of an update that runs no more and has not ended well; it ends the apply.
tell_of_end() {
  ask stack_is_complete
  case $ANSWER in
    yes) give_up "${1:-the client has ended}, and started no update: the stack $STACK is COMPLETE from before; see its output above" ;;
    no)
      note "${1:+$1; }$WHY"
      give_up "the update did not end COMPLETE; what failed, and on which node: $(shown_remedy "stackrc: openstack stack failures list $STACK")"
      ;;
    *) give_up "heat does not answer, so the state of the update is unknown: ${WHY:-no reason given}; the same command asks again" ;;
  esac
}

# tell_if_late: while the client has nothing to ask, the node whose breakpoint was cleared is still at work, or, after the last one, the rest
# of the update is. Once in NODE_LIMIT seconds.
tell_if_late() {
  local node
  if [[ -z $CLEARED ]]; then return 0; fi
  look_at_clock
  if ((STEADY - CLEARED_AT <= NODE_LIMIT)); then return 0; fi
  CLEARED_AT=$STEADY
  complain "$CLEARED: still not updated after $(duration "$NODE_LIMIT"), or the update waits for another node: heat has it as IN_PROGRESS"
  tell_of_agents "$CLEARED"
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all || [[ $node == "$CLEARED" ]]; then continue; fi
    ask agent_runs_on "$node"
    if [[ $ANSWER != yes ]]; then tell_of_agents "$node"; fi
  done
}

# tell_of_agents NODES: of each node (separated by a comma and a blank) that takes too long: whether its agent, which fetches its part of the
# update from heat, runs there at all, and what to look at.
tell_of_agents() {
  local node
  while IFS= read -r node; do
    if [[ -z ${NODE_ADDRESS[${node:--}]-} ]]; then continue; fi
    ask agent_runs_on "$node"
    case $ANSWER in
      yes) note "$node: os-collect-config runs, so it waits for something or hangs; to see what it does:" ;;
      no) note "$node: $WHY; nothing of the update reaches the node without it. Start it: $(shown_remedy "on $node: sudo systemctl start os-collect-config")" ;;
      unknown) note "$node: cannot tell whether os-collect-config runs there: ${WHY:-no reason given}" ;;
    esac
    note "  $(shown_remedy "on $node: sudo systemctl status --no-pager os-collect-config")"
    note "  $(shown_remedy "on $node: sudo journalctl --no-pager --lines=100 --unit=os-collect-config")"
    if [[ $ANSWER == yes ]]; then
      note "  to find a yum that waits: $(shown_remedy "on $node: ps -ef --forest")"
      note "  if neither yum nor puppet runs there: $(shown_remedy "on $node: sudo systemctl restart os-collect-config")"
    fi
  done <<<"${1//, /$'\n'}"
}

agent_runs_on() {
  local state status=0
  hear_on "$1" systemctl is-active os-collect-config || status=$?
  state=$SAID
  # 3 is systemd's for what is not active; with more it cannot tell
  if ((status != 0 && status != 3)); then return 2; fi
  # (anything but one of its words does not count)
  why "$1 does not say whether os-collect-config runs there: ${state:0:60}"
  [[ $state =~ ^[a-z-]{0,20}$ ]] || return 2
  why "os-collect-config does not run there (${state:-it says nothing})"
  [[ $state == active ]]
}
