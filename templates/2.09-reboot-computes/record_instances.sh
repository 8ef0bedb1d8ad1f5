record_instances_requires() { takes_no_instances "$1"; }
record_instances_satisfied() { either is_rebooting "$1" -- record_is_there_or_not_due "$1"; }
record_instances_apply() {
  local node=$1 host statuses
  host=$(compute_host "$node")
  # departs: limit
  with_overcloudrc openstack server list --host "$host" --all-projects --limit -1 2>&1 | to_log
  # what an earlier run has written stays: it is what was before this change
  statuses=$(instances_off_record "$node")
  as_root_on "$node" append_record "$INSTANCE_RECORD" "$statuses"
}
record_instances_verify() { has_instance_record "$1"; }

record_is_there_or_not_due() { either was_not_due "$1" -- has_instance_record "$1"; }
