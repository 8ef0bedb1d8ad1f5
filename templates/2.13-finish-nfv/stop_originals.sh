stop_originals_requires() { dpdk_hosts_are_ready && for_every_copy is_on_record; }
stop_originals_satisfied() { for_every_copy is_on_record && for_every_copy original_is_off; }
stop_originals_apply() { with_each_original stop_original; }
stop_originals_verify() { for_every_copy original_is_off; }

stop_original() {
  local server=$1 rc=$2 id
  id=$(nfv_word "$server" id)
  when_yes original_runs_again "$server" -- disown_old_snapshots "$server" "$rc"
  when_no original_is_off "$server" -- with_rc "$rc" openstack server stop "$id"
  # departs: wait
  wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "$server to be shut off" original_is_off "$server"
}

# Restored after a copy that failed, it writes what an earlier snapshot does not have.
original_runs_again() { opposite original_is_off "$1" && opposite has_copy "$1"; }

disown_old_snapshots() {
  local server=$1 rc=$2 found
  found=$(snapshots_of "$server" "$rc" | awk 'NF { print "stale", $1 }')
  if [[ -n $found ]]; then note "$server has run since its snapshot, which is no longer used: (. $rc; openstack image delete ${found//stale /})"; fi
  add_to_nfv_record "$server" "$found"
}
