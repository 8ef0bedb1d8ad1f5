stop_originals_requires() { dpdk_hosts_are_ready && for_every_copy is_on_record; }
stop_originals_satisfied() { for_every_copy is_on_record && for_every_copy original_is_off; }
stop_originals_apply() {
  local server rc id
  while IFS=$'\t' read -r server rc <&3; do
    id=$(nfv_word "$server" id)
    outlive_snapshot "$server" "$rc"
    when_no original_is_off "$server" -- with_rc "$rc" openstack server stop "$id"
    # departs: wait
    wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "$server to be shut off" original_is_off "$server"
  done 3<"$BUNDLE/lib/nfv_instances.tsv"
}
stop_originals_verify() { for_every_copy original_is_off; }

# An original that runs again, put back together after a copy that failed, writes what an earlier snapshot does not have.
outlive_snapshot() {
  local server=$1 rc=$2 found
  answer original_is_off "$server"
  if [[ $ANSWER == yes ]]; then return; fi
  answer has_copy "$server"
  if [[ $ANSWER == yes ]]; then return; fi
  found=$(snapshots_of "$server" "$rc" | awk 'NF { print "stale", $1 }')
  if [[ -n $found ]]; then note "$server has run since its snapshot, which is no longer used: ${found//stale /openstack image delete }"; fi
  add_to_nfv_record "$server" "$found"
}
