# How the overcloud's update stands once its client has ended: heat is asked, since a client that loses its token, or the API for a moment,
# ends with 1 while the update goes on.

# tell_of_client STATUS: comes back where the update is COMPLETE, and ends the apply elsewhere.
tell_of_client() {
  local ended="the client ended with $1"
  # what the client had to say is above
  ask update_ended_well
  case $ANSWER in
    yes)
      note "$ended, and heat has the update as COMPLETE"
      return 0
      ;;
    unknown)
      give_up "$ended, and heat cannot be asked how the update stands: ${WHY:-no reason given}; \
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
  local began
  began=$(plan_began) || return
  update_since "$began" UPDATE_COMPLETE '' "openstack stack failures list $STACK"
}

# tell_of_end [ENDED]: of an update that runs no more and has not ended well; it ends the apply.
tell_of_end() {
  ask stack_is_complete
  case $ANSWER in
    yes) give_up "${1:-the client has ended}, and has begun no update: the stack $STACK is COMPLETE from before; its own words are above" ;;
    no)
      note "${1:+$1; }$WHY"
      give_up "the update did not end COMPLETE; what failed, and on which node: . ~/stackrc; openstack stack failures list $STACK"
      ;;
    *) give_up "heat cannot be asked how the update stands: ${WHY:-no reason given}; the same command asks again" ;;
  esac
}

# tell_if_late: while the client has nothing to ask: the node that went on from its breakpoint is still at work, or, after the last one, the rest
# of the update is. Once in NODE_LIMIT seconds.
tell_if_late() {
  local node
  if [[ -z $CLEARED ]]; then return 0; fi
  look_at_clock
  if ((STEADY - CLEARED_AT <= NODE_LIMIT)); then return 0; fi
  CLEARED_AT=$STEADY
  complain "$CLEARED: still not updated after $(duration "$NODE_LIMIT"), or the update waits for another node: heat has it as IN_PROGRESS"
  tell_of_agents "$CLEARED"
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" all || [[ $node == "$CLEARED" ]]; then continue; fi
    ask agent_runs_on "$node"
    if [[ $ANSWER != yes ]]; then tell_of_agents "$node"; fi
  done
}

# tell_of_agents NODES: of each node (joined by a comma and a blank) that takes too long: whether its agent, which fetches its part of the
# update from heat, runs there at all, and what to look at.
tell_of_agents() {
  local node
  while IFS= read -r node; do
    if [[ -z ${NODE_ADDRESS[${node:--}]-} ]]; then continue; fi
    ask agent_runs_on "$node"
    case $ANSWER in
      yes) note "$node: os-collect-config runs, so that it waits for something, or hangs; what it is at:" ;;
      no) note "$node: $WHY; nothing of the update reaches the node without it. Start it: $(shell_of "$node") sudo systemctl start os-collect-config" ;;
      unknown) note "$node: cannot tell whether os-collect-config runs there: ${WHY:-no reason given}" ;;
    esac
    note "  $(shell_of "$node") sudo systemctl status --no-pager os-collect-config"
    note "  $(shell_of "$node") sudo journalctl --no-pager --lines=100 --unit=os-collect-config"
    if [[ $ANSWER == yes ]]; then
      note "  a yum that waits is among: $(shell_of "$node") ps -ef --forest"
      note "  where it hangs in nothing: $(shell_of "$node") sudo systemctl restart os-collect-config"
    fi
  done <<<"${1//, /$'\n'}"
}

agent_runs_on() {
  local state status=0
  hear_on "$1" systemctl is-active os-collect-config || status=$?
  state=$SAID
  # 3 is systemd's for what is not active; more is no answer of it
  if ((status != 0 && status != 3)); then return 2; fi
  why "os-collect-config does not run there (${state:-it says nothing})"
  [[ $state == active ]]
}
