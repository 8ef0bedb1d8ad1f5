stop_originals_requires() { dpdk_hosts_are_ready && for_every_copy is_on_record; }
stop_originals_satisfied() { for_every_copy is_on_record && for_every_copy original_is_off; }
stop_originals_apply() {
  local server rc id
  while IFS=$'\t' read -r server rc <&3; do
    id=$(nfv_word "$server" id)
    when_no original_is_off "$server" -- with_rc "$rc" openstack server stop "$id"
    # departs: wait
    wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "$server to be shut off" original_is_off "$server"
  done 3<"$BUNDLE/lib/nfv_instances.tsv"
}
stop_originals_verify() { for_every_copy original_is_off; }
