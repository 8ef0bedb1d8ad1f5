record_originals_requires() { dpdk_hosts_are_ready && for_every_copy copy_holds_all; }
record_originals_satisfied() { for_every_copy is_on_record; }
record_originals_apply() { with_each_original record_original; }
record_originals_verify() { for_every_copy is_on_record; }

record_original() {
  local server=$1 rc=$2 text name
  # departs: record
  with_rc "$rc" openstack server list
  text=$(describe_instance "$server" "$rc")
  name=$(nfv_record_name "$server")
  as_root write_first_record "$NFV_RECORD/$name" "$text"
}
