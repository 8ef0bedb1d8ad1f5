update_stack_requires() { update_plan_satisfied && update_may_go_on_or_begin; }
update_stack_satisfied() { update_is_done; }
update_stack_attend() {
  # the menu of nodes needs somebody at the terminal: without one the step ends here and waits for an operator
  hand_over_without_terminal
  # records what fencing was before the update, for step 2.06/5
  claim cluster-property stonith-enabled
  # if this change's update runs already, its next breakpoint or its end is awaited
  when_yes update_runs_between_breakpoints -- await_breakpoint_or_end
  # it has ended, here or while the question was on the screen: nothing is left to do, and the client would begin another update
  answer update_is_done
  if [[ $ANSWER == yes ]]; then return; fi
  # if none runs, the update that begins below has to pass its gates first
  when_yes no_update_runs -- make_ready_to_begin
  # an update that somebody began by hand has no list of what was on offer: it is kept now
  when_no offers_are_kept -- keep_offers offers-before list_nodes_offers
  note 'Ctrl-C leaves the update running; the same command attaches to it again'
  # converse starts the client, shows the menu and answers the client's prompts
  # departs: menu
  # departs: bound
  with_stackrc converse timeout --foreground 43200 openstack overcloud update stack -i "$STACK"
}
update_stack_verify() { update_is_done; }

# This change's update, if it runs already, continues however old the backups have become meanwhile. Whoever attaches to it may find a node in the
# middle of its packages, and so out of its cluster: that does not matter, since no other node is updated before the cluster is whole.
update_may_go_on_or_begin() { either running_update_is_ours -- update_may_begin; }
update_may_begin() { unless_forced no_finished_update && backups_are_fresh && stack_is_idle && cluster_is_whole; }

# Before its first breakpoint, between two, or after the last: a client that starts just as heat ends would begin another update.
update_runs_between_breakpoints() { opposite no_update_runs && no_breakpoint_waits; }

# If the update ends COMPLETE meanwhile, the step has nothing left to do; any other end is reported, and ends the step as failed.
await_breakpoint_or_end() {
  wait_until 43200 'the running update to reach a breakpoint or its end' opposite update_runs_between_breakpoints
  answer stack_is_complete
  if [[ $ANSWER == no ]]; then when_yes no_update_runs -- tell_of_end; fi
}

make_ready_to_begin() {
  insist update_may_begin
  keep_offers offers-before list_nodes_offers
  # departs: patched
  keep_patched_modules
}

# The list of what was on offer is kept by the run that begins this change's update.
offers_are_kept() {
  find_record offers-before || return 2
  [[ -n $SAID ]]
}
