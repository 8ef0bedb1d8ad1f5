snapshot_originals_requires() { for_every_copy original_is_off; }
snapshot_originals_satisfied() { for_every_copy is_on_record && for_every_copy snapshot_or_gone; }
snapshot_originals_apply() { with_each_original snapshot_unless_done; }
snapshot_originals_verify() { for_every_copy snapshot_or_gone; }

snapshot_unless_done() { when_no snapshot_or_gone "$1" "$2" -- snapshot_original "$1" "$2"; }

snapshot_original() {
  local server=$1 rc=$2 id name found
  id=$(nfv_word "$server" id)
  name=$(snapshot_name "$server")
  found=$(snapshots_of "$server" "$rc")
  # one that is on its way is not started a second time
  if [[ -z $found ]]; then
    # departs: snapshot
    with_rc "$rc" openstack server image create --name "$name" "$id"
  fi
  wait_until "$TIMEOUT_REBOOT" "the snapshot of $server" snapshot_is_good "$server" "$rc"
}
