migrate_dpdk_instances_requires() { dpdk_hosts_are_ready; }
migrate_dpdk_instances_satisfied() { no_migration_to_confirm && no_old_ports; }
# all that have such a port, which may be more than the spec lists
migrate_dpdk_instances_shown() { tell_of_old_ports; }
migrate_dpdk_instances_apply() {
  local ids id
  with_overcloudrc openstack server list --all-projects --limit -1 2>&1 | to_log
  # first what an earlier run has migrated and not confirmed
  ids=$(migrations_to_confirm)
  for id in $ids; do confirm_migration "$id"; done
  ids=$(instances_with_old_ports)
  # one that nova cannot migrate now holds up none of the others
  for id in $ids; do when_yes instance_may_migrate_cold "$id" -- migrate_cold "$id"; done
  # forgets what is confirmed, was reverted or never began, and names what keeps its old port, which ends the step
  give_up_on_old_ports
}
migrate_dpdk_instances_verify() { no_migration_to_confirm && no_old_ports; }

migrate_cold() {
  local id=$1
  # by this record a later run knows which migrations are to be confirmed
  record_migration "$id"
  # departs: cold
  attempt with_overcloudrc openstack server migrate "$id"
  # a client that got no answer may have begun it all the same; what nova has refused is as it was, and the next one has its turn
  when_no is_active_or_off "$id" -- confirm_once_arrived "$id"
}

confirm_once_arrived() {
  await_instance "$TIMEOUT_MIGRATE_PER_INSTANCE" "$1 to arrive elsewhere" "$1" instance_awaits_confirmation "$1"
  confirm_migration "$1"
}

# A migration is confirmed only once Open vSwitch shows the new type of port; until then it can be reverted.
confirm_migration() {
  local id=$1
  if ! wait_until 60 "the port of $id to be seen" has_client_ports "$id"; then
    give_up "$id did not get the new port and is not confirmed; to revert: $(shown_remedy "rc: openstack server resize --revert $(quoted "$id")")"
  fi
  with_overcloudrc openstack server resize --confirm "$id"
  wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "$id to be confirmed" is_active_or_off "$id"
}

# An instance that was shut off before its migration is shut off after it.
is_active_or_off() { either instance_status_is "$1" ACTIVE -- instance_status_is "$1" SHUTOFF; }
