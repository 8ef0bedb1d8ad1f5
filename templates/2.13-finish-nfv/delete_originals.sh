delete_originals_requires() { for_every_copy copy_is_good; }
delete_originals_satisfied() { for_every_copy is_on_record && for_every_copy original_is_gone; }
delete_originals_apply() { each_copy delete_original; }
delete_originals_verify() { for_every_copy original_is_gone; }

delete_original() {
  local server=$1 rc=$2 id
  id=$(nfv_word "$server" id)
  insist copy_is_good "$server"
  # departs: delete
  when_no original_is_gone "$server" -- with_rc "$rc" openstack server delete "$id"
  wait_until 120 "$server to be gone" original_is_gone "$server"
}
