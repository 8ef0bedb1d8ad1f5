migrate_dpdk_instances_requires() { dpdk_hosts_are_ready; }
migrate_dpdk_instances_satisfied() { no_migration_to_confirm && no_old_ports; }
# the list of the spec may have fewer
migrate_dpdk_instances_shown() { tell_of_old_ports; }
migrate_dpdk_instances_apply() {
  local ids id
  with_overcloudrc openstack server list --all-projects --limit -1 2>&1 | to_log
  # first what an earlier run has migrated and not confirmed
  ids=$(migrations_to_confirm)
  for id in $ids; do confirm_migration "$id"; done
  ids=$(instances_with_old_ports)
  for id in $ids; do migrate_cold "$id"; done
}
migrate_dpdk_instances_verify() { no_migration_to_confirm && no_old_ports; }

migrate_cold() {
  local id=$1
  insist instance_may_migrate_cold "$id"
  # by this record a later run knows which migrations are to be confirmed
  as_root record_migration "$NFV_RECORD" "$id"
  # departs: cold
  with_overcloudrc openstack server migrate "$id"
  await_instance "$TIMEOUT_MIGRATE_PER_INSTANCE" "$id to arrive elsewhere" "$id" instance_awaits_confirmation "$id"
  confirm_migration "$id"
}

# A migration is confirmed only once Open vSwitch shows the new type of port; until then it can be reverted.
confirm_migration() {
  local id=$1
  if ! wait_until 60 "the port of $id to be seen" has_client_ports "$id"; then
    give_up "$id did not get the new port and is not confirmed; to revert: $(shown_remedy "rc: openstack server resize --revert $(quoted "$id")")"
  fi
  with_overcloudrc openstack server resize --confirm "$id"
  wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "$id to be confirmed" is_active_or_off "$id"
  as_root forget_migration "$NFV_RECORD" "$id"
}

# An instance that was shut off before its migration is shut off after it.
is_active_or_off() { either instance_status_is "$1" ACTIVE -- instance_status_is "$1" SHUTOFF; }
