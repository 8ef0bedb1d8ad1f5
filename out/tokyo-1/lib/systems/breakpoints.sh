# The conversation with `openstack overcloud update stack -i`: which node: breakpoint cleared next.
#
# The client's own prompt is never shown: Enter would clear a node of the client's choice there, and a name would clear every node that it matches.

NODE_LIMIT=7200 GATE_LIMIT=3600 ORDER_LIMIT=600

# How long heat gives an update of tripleo's, seconds (STACK_TIMEOUT_DEFAULT of tripleo-common); time spent at breakpoints counts.
UPDATE_LIMIT=14400

# hand_over_without_terminal: where the operator chooses the nodes in a menu, the step waits for somebody who sits at a terminal.
hand_over_without_terminal() {
  if [[ $BREAKPOINTS == operator && ! -t 0 ]]; then
    hand_over 'choosing the next node at a breakpoint needs a terminal: run this section in one, inside tmux or screen'
  fi
}

# converse COMMAND...: runs the client, answers its prompts, and ends as it ends, or hands over when the update is left waiting.
converse() {
  local python client asks hears status=0
  python_into python
  open_conversation
  "$python" "$COPY/lib/systems/update_client.py" "$SCRATCH/asked" "$SCRATCH/answers" "$LOG" "$@" 1>&"$SCREEN_FD" 2>&"$COMPLAINT_FD" 7<&- 8>&- &
  client=$!
  exec {asks}>&- {hears}<&-
  CLEARED='' CLEARED_AT=0 WAITED_FOR='' WAITING_SINCE=0 LEFT_BEHIND='' GIVEN_UP_AT='' TOLD='' REPLY_TO_CLIENT=''
  reply_to_prompts
  exec 7<&- 8>&-
  wait "$client" || status=$?
  if [[ $REPLY_TO_CLIENT == leave ]]; then leave_update; fi
  # (a signal's 128 and more are the operator's, or this run's own end)
  if ((status > 0 && status < 128)); then
    tell_of_client "$status"
    status=0
  fi
  return "$status"
}

# open_conversation: what the client asks comes at 7, what it hears goes to 8; into the caller's asks and hears its own ends of both. All are
# open before it starts, so that nobody waits for one that ends at once.
open_conversation() {
  local both
  rm --force -- "$SCRATCH/asked" "$SCRATCH/answers"
  mkfifo -- "$SCRATCH/asked" "$SCRATCH/answers"
  # (one opened for both directions waits for nobody, and no other does while it is there)
  exec {both}<>"$SCRATCH/asked"
  exec 7<"$SCRATCH/asked"
  exec {asks}>"$SCRATCH/asked" {both}>&-
  exec {both}<>"$SCRATCH/answers"
  exec 8>"$SCRATCH/answers"
  exec {hears}<"$SCRATCH/answers" {both}>&-
}

# reply_to_prompts: until the client ends, or the update is to be left waiting. `busy` means that it has nothing to ask.
reply_to_prompts() {
  local lists
  while [[ $REPLY_TO_CLIENT != leave ]] && IFS= read -r lists <&7; do
    if [[ $lists == busy ]]; then
      tell_if_late
    else
      choose_reply "$lists"
      if [[ $REPLY_TO_CLIENT != leave ]]; then printf '%s\n' "$REPLY_TO_CLIENT" >&8; fi
    fi
  done
}

leave_update() {
  hand_over "the update is left waiting at its breakpoints; run the same command to continue. Heat aborts it $GIVEN_UP_AT; after that the command starts it over"
}

tell_of_limit_once() {
  local identifier
  if [[ -n $GIVEN_UP_AT ]]; then return 0; fi
  identifier=$(printed find_stack_fact update_identifier) || identifier=''
  GIVEN_UP_AT='4 h after it began'
  if numbers identifier; then
    GIVEN_UP_AT=$(date --utc --date="@$((identifier + UPDATE_LIMIT))" '+at %F %H:%MZ')
    note "heat aborts this update $GIVEN_UP_AT (4 h after it began, time at breakpoints included)"
  fi
}

# find_listed STATE LISTS: sets SAID to the names in one of the client's lists, one per line.
find_listed() {
  local after=${2#*"$1":}
  SAID=''
  if [[ $after != "$2" ]]; then
    after=${after%% *}
    SAID=${after//,/$'\n'}
  fi
}

# choose_reply LISTS: sets REPLY_TO_CLIENT to `clear NODE`, `again` or `leave`. One node at a time, and none while the cluster is not healthy.
choose_reply() {
  local standing coming updating updated
  sort_nodes "$1"
  tell_of_limit_once
  if [[ -n $updating ]]; then
    wait_for_update "${updating//$'\n'/, }"
  else
    CLEARED=''
    choose_next_node
  fi
}

# sort_nodes LISTS: into the caller's standing, coming, updating and updated. A node whose breakpoint was cleared is updating until it is completed.
sort_nodes() {
  find_listed on_breakpoint "$1"
  standing=$SAID
  find_listed not_started "$1"
  coming=$SAID
  find_listed in_progress "$1"
  updating=$SAID
  find_listed completed "$1"
  updated=$SAID
  if [[ -n $CLEARED ]] && ! has_line "$CLEARED" "$updated"; then updating=$CLEARED; fi
}

# choose_next_node: from the caller's standing and coming; after the hour that the spec names no breakpoint is cleared.
choose_next_node() {
  ask is_before_hour
  if [[ $ANSWER != yes ]]; then
    note "$WHY"
    REPLY_TO_CLIENT=leave
    return
  fi
  ask cluster_is_whole
  case $BREAKPOINTS in
    guarded) choose_by_gate "$standing" "$coming" ;;
    *) choose_by_operator "$standing" "$coming" "$updated" ;;
  esac
}

# keep_waiting WHAT LIMIT: the client is asked again in a while. Status 1 once that has lasted longer than LIMIT, seconds.
keep_waiting() {
  local -i waited=0
  local limit=$2
  look_at_clock
  numbers limit || return
  if [[ $WAITED_FOR != "$1" ]]; then
    WAITED_FOR=$1 WAITING_SINCE=$STEADY
    note "waiting for $1, $(duration "$limit") at most"
  else
    waited=$((STEADY - WAITING_SINCE))
  fi
  if ((waited >= limit)); then return 1; fi
  pause "$waited" $((limit - waited))
  REPLY_TO_CLIENT=again
}

# A node that takes too long is reported, and left alone.
wait_for_update() {
  if ! keep_waiting "$1 to be updated" "$NODE_LIMIT"; then
    complain "$1: still not updated after $(duration "$NODE_LIMIT")"
    tell_of_agents "$1"
    WAITED_FOR=''
    REPLY_TO_CLIENT=again
  fi
}

# choose_by_gate STANDING COMING: the answer of the cluster gate is in ANSWER. The spec's order of nodes is the order of the update.
choose_by_gate() {
  local node
  if [[ $ANSWER != yes ]]; then
    wait_for_gate
    return
  fi
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    if has_line "$node" "$1"; then
      ask others_serve "$node"
      if [[ $ANSWER == yes ]]; then clear_breakpoint "$node"; else wait_for_gate; fi
      return
    fi
    if has_line "$node" "$2" && may_wait_for "$node"; then return; fi
  done
  complain "at a breakpoint, but not in the spec: ${1//$'\n'/, }"
  REPLY_TO_CLIENT=leave
}

wait_for_gate() {
  # the reason may change from look to look; the time limit is for all of them together
  if [[ $WHY != "$TOLD" ]]; then
    TOLD=$WHY
    note "not healthy: $WHY"
  fi
  if ! keep_waiting 'the cluster to be healthy' "$GATE_LIMIT"; then
    complain "the cluster is not healthy: $WHY"
    note "remedy: $REMEDY"
    REPLY_TO_CLIENT=leave
  fi
}

# may_wait_for NODE: nodes that are at their breakpoints already wait for this one, which the spec has before them, if it comes soon.
may_wait_for() {
  if [[ $LEFT_BEHIND == *" $1 "* ]]; then return 1; fi
  if ! keep_waiting "$1 to reach its breakpoint" "$ORDER_LIMIT"; then
    note "$1 has not reached its breakpoint; continuing with the others"
    LEFT_BEHIND+=" $1 "
    return 1
  fi
}

clear_breakpoint() {
  if [[ -n $HOOK_BEFORE_UPDATE ]]; then
    before_update_hook "$1"
    if [[ $HOOKED == no ]]; then
      REPLY_TO_CLIENT=leave
      return
    fi
    # the hook may have taken minutes
    ask may_clear_now "$1"
    if [[ $ANSWER != yes ]]; then
      note "$1: breakpoint not cleared: $WHY; remedy: $REMEDY"
      REPLY_TO_CLIENT=again
      return
    fi
  fi
  note "$1: breakpoint cleared"
  journal "${STEP_ID[CURRENT_ROW]}" "$1" breakpoint-cleared
  look_at_clock
  CLEARED=$1 CLEARED_AT=$STEADY WAITED_FOR='' TOLD=''
  REPLY_TO_CLIENT="clear $1"
}

# choose_by_operator STANDING COMING UPDATED: a menu of the nodes; none is cleared while the cluster is not healthy.
choose_by_operator() {
  local -a choices=()
  number_nodes "$1"
  show_menu "${2//$'\n'/, }" "$(awk 'NF' <<<"$3" | awk 'END { print NR }')"
  ask_operator 'number of the node to update next, r to look again, q to leave the update waiting:'
  REPLY_TO_CLIENT=again
  case $REPLY in
    q | Q) REPLY_TO_CLIENT=leave ;;
    [1-9] | [1-9][0-9] | [1-9][0-9][0-9]) take_choice "$REPLY" ;;
  esac
}

# take_choice NUMBER: of the caller's choices.
take_choice() {
  local number=$1 node
  numbers number || return
  node=${choices[number]-}
  if [[ -z $node ]]; then
    note "no node at a breakpoint has the number $number"
    return
  fi
  ask_operator "update $node now? y clears its breakpoint, anything else shows the list again:"
  REPLY_TO_CLIENT=again
  if [[ $REPLY != [Yy] && $REPLY != [Yy]es ]]; then return; fi
  # the menu may have been shown for hours
  ask may_clear_now "$node"
  if [[ $ANSWER == yes ]]; then
    clear_breakpoint "$node"
  else
    note "$node: breakpoint not cleared: $WHY; remedy: $REMEDY"
  fi
}

# number_nodes STANDING: puts the nodes that are at their breakpoints into the caller's list. The number of each is its place in the spec, the
# same at every look: the client names them in another order each time. Nodes that are not in the spec come last.
number_nodes() {
  local node
  local -i number=0
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    number+=1
    if has_line "$node" "$1"; then choices[number]=$node; fi
  done
  while IFS= read -r node; do
    if [[ -n $node ]] && ! node_is "$node" all; then
      number+=1
      choices[number]=$node
    fi
  done <<<"$1"
}

may_clear_now() { is_before_hour && cluster_can_lose "$1"; }

# show_menu COMING UPDATED: of the caller's choices, the first of which is the one that the spec has next.
show_menu() {
  local number next='  <- next by the spec'
  note "$2 of $(count_of all) nodes have passed their breakpoint; heat aborts the update $GIVEN_UP_AT"
  note 'at a breakpoint:'
  for number in "${!choices[@]}"; do
    note "$(printf '%4d) %s  %s%s' "$number" "${choices[number]}" "$(node_role "${choices[number]}" || printf 'not in the spec')" "$next")"
    next=''
  done
  if [[ -n $1 ]]; then note "not at its breakpoint yet: $1"; fi
  case $ANSWER in
    yes) note "cluster: ${GREEN}healthy${PLAIN}, every controller online, galera synced, rabbitmq healthy" ;;
    no) note "cluster: ${RED}not healthy${PLAIN}: $WHY; remedy: $REMEDY" ;;
    unknown) note "cluster: ${RED}cannot tell${PLAIN}: $WHY; remedy: $REMEDY" ;;
  esac
}
