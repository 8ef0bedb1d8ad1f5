rejoin_cluster_requires() { opposite is_rebooting "$1"; }
rejoin_cluster_satisfied() { either not_in_group "$1" pacemaker -- nothing_to_wait_for "$1"; }
rejoin_cluster_apply() {
  local node=$1
  await_rejoin "$node"
  # departs: status
  on "$node" sudo pcs status 2>&1 | to_log
}
rejoin_cluster_verify() { cluster_has_back "$1"; }

# (why: the reason that is shown with its yes)
cluster_has_back() {
  cluster_node_online "$1" && all_cluster_resources_started && galera_synced_on_all && rabbit_healthy_on_all && why "$1 has rejoined the cluster"
}

# What will not come is not waited for.
await_rejoin() {
  wait_until "$TIMEOUT_REBOOT" "$1 to rejoin the cluster" either will_not_rejoin "$1" -- cluster_has_back "$1"
  answer will_not_rejoin "$1"
  if [[ $ANSWER == yes ]]; then give_up "$WHY; $REMEDY"; fi
}
# It is Online, and so what is on the list of failed actions is not of its life before the reboot: it does not go by itself.
will_not_rejoin() { cluster_node_online "$1" && opposite no_action_has_failed; }

# While another node that this change has rebooted is on its way, the cluster cannot be whole: this one is looked at after it.
nothing_to_wait_for() { either another_is_away "$1" -- cluster_has_back_all_but_ours "$1"; }
# Another node that this change has taken out is brought back when its turn comes.
cluster_has_back_all_but_ours() { either cluster_has_back "$1" -- another_was_taken_out "$1"; }
