# An update of ours that runs already goes on, however old the backups have become meanwhile. Whoever attaches to it may find a node in the
# middle of its packages, and so out of its cluster: that is no reason to stay away, and no other node goes on before the cluster is whole.
update_stack_requires() { update_plan_satisfied && either running_update_is_ours -- update_may_begin; }
update_may_begin() { unless_forced no_finished_update && backups_are_fresh && update_may_begin_or_go_on && cluster_is_whole; }
update_stack_satisfied() { update_is_done; }
update_stack_attend() {
  if [[ $BREAKPOINTS == operator && ! -t 0 ]]; then
    hand_over 'choosing the next node at a breakpoint needs a terminal: run this section in one, inside tmux or screen'
  fi
  claim cluster-property stonith-enabled
  answer update_runs_between_breakpoints
  if [[ $ANSWER == yes ]]; then
    wait_until 43200 'the running update to reach a breakpoint or its end' opposite update_runs_between_breakpoints
    answer stack_is_complete
    if [[ $ANSWER == yes ]]; then return; fi
    answer no_update_runs
    if [[ $ANSWER == yes ]]; then tell_of_end; fi
  fi
  # one that ended just now is not begun anew without its gates
  answer no_update_runs
  if [[ $ANSWER == yes ]]; then
    insist update_may_begin
    keep_offers offers-before list_nodes_offers
  fi
  when_no offers_are_kept -- keep_offers offers-before list_nodes_offers
  note 'Ctrl-C leaves the update running; the same command attaches to it again'
  # departs: menu
  # departs: bound
  with_stackrc converse timeout --foreground 43200 openstack overcloud update stack -i "$STACK"
}
update_stack_verify() { update_is_done; }

# offers_are_kept: by a run that began this change's update; one that somebody began by hand is joined without.
offers_are_kept() {
  find_record offers-before || return 2
  [[ -n $SAID ]]
}

# Before its first breakpoint, between two, or after the last: a client that came just as heat ends would begin another update.
update_runs_between_breakpoints() { opposite no_update_runs && no_breakpoint_waits; }
