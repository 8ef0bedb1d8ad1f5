# A node that an earlier run has sent down is only waited for: its gates were passed then.
reboot_node_requires() { either is_rebooting "$1" -- node_may_go_down "$1"; }
reboot_node_satisfied() { needs_no_reboot "$1"; }
reboot_node_apply() {
  local node=$1
  answer was_taken_out_by_us "$node"
  if [[ $ANSWER == yes ]]; then
    bring_back_in "$node"
    # what was passed over while the node was out of its cluster
    insist node_may_go_down "$node"
  fi
  # departs: record
  when_no is_rebooting "$node" -- as_root_on "$node" record_services "$SERVICE_RECORD"
  when_no is_rebooting "$node" -- keep_served "$node"
  before_reboot "$node"
  if node_is "$node" pacemaker; then
    find_stop_command
    # departs: leave
    when_no is_rebooting "$node" -- may_lose_connection as_root_on "$node" leave_and_reboot "$LEFT_CLUSTER" "${STOP_COMMAND[@]}"
  else
    when_no is_rebooting "$node" -- may_lose_connection on "$node" sudo reboot
  fi
  await_reboot "$node"
}
reboot_node_verify() { runs_newest_software "$1"; }

# The others must carry what this one carries, and what the one before took with it must be back.
node_may_go_down() {
  reboot_is_due "$1" && reboot_is_of_use "$1" && nobody_is_rebooting &&
    either was_taken_out "$1" -- cluster_is_whole && monitors_can_spare "$1" && services_up_beside "$1" && routers_can_spare "$1"
}
was_taken_out_by_us() { opposite is_rebooting "$1" && was_taken_out "$1"; }
monitors_can_spare() { either not_in_group "$1" ceph_mons -- ceph_in_full_quorum; }
routers_can_spare() { either opposite carries_routers "$1" -- routers_survive_without "$1"; }
