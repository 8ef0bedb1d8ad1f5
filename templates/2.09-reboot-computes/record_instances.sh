record_instances_requires() { takes_no_instances "$1"; }
record_instances_satisfied() { either is_rebooting "$1" -- record_is_there_or_not_due "$1"; }
record_instances_apply() {
  local node=$1 host rows statuses
  host=$(compute_host "$node")
  # departs: limit
  with_overcloudrc openstack server list --host "$host" --all-projects --limit -1 2>&1 | to_log
  rows=$(instances_on "$node")
  statuses=$(awk -F '\t' 'NF { print $1, $2 }' <<<"$rows")
  as_root_on "$node" write_first_record "$INSTANCE_RECORD" "$statuses"
}
record_instances_verify() { has_instance_record "$1"; }

record_is_there_or_not_due() { either has_instance_record "$1" -- was_not_due "$1"; }
