delete_originals_requires() { for_every_copy copy_is_good; }
delete_originals_satisfied() { for_every_copy is_on_record && for_every_copy original_is_gone; }
delete_originals_apply() {
  local server rc id
  while IFS=$'\t' read -r server rc <&3; do
    id=$(nfv_word "$server" id)
    insist copy_is_good "$server"
    # departs: delete
    when_no original_is_gone "$server" -- with_rc "$rc" openstack server delete "$id"
    wait_until 120 "$server to be gone" original_is_gone "$server"
  done 3<"$BUNDLE/lib/nfv_instances.tsv"
}
delete_originals_verify() { for_every_copy original_is_gone; }
