record_instances_requires() { takes_no_instances "$1"; }
record_instances_satisfied() { either is_rebooting "$1" -- record_is_there_or_not_due "$1"; }
record_instances_apply() {
  local node=$1 host rows
  host=$(compute_host "$node")
  # departs: limit
  with_overcloudrc openstack server list --host "$host" --all-projects --limit -1
  rows=$(instances_on "$node")
  as_root_on "$node" record_instances "$INSTANCE_RECORD" "$rows"
}
record_instances_verify() { has_instance_record "$1"; }

record_is_there_or_not_due() { either has_instance_record "$1" -- was_not_due "$1"; }
