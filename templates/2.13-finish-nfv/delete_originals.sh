delete_originals_requires() { for_every_copy copy_is_good && for_every_copy copy_is_equal; }
delete_originals_shown() {
  printf '%s\n' 'deleted for good, with everything on their disks:'
  for_every_copy show_original
}
delete_originals_satisfied() { for_every_copy is_on_record && for_every_copy original_is_gone; }
delete_originals_apply() { with_each_original delete_original; }
delete_originals_verify() { for_every_copy original_is_gone; }

delete_original() {
  local server=$1 rc=$2 id
  id=$(nfv_word "$server" id)
  insist copy_is_good "$server"
  insist copy_is_equal "$server" "$rc"
  # departs: delete
  when_no original_is_gone "$server" -- with_rc "$rc" openstack server delete "$id"
  wait_until 120 "$server to be gone" original_is_gone "$server"
}

# show_original SERVER RC_FILE: which server goes, and which one stays in its place.
show_original() {
  local server=$1 rc=$2 id name status copy copied
  id=$(nfv_word "$server" id) || return 2
  name=$(nfv_word "$server" name) || return 2
  status=$(status_of_instance "$id") || return 2
  copy=$(copy_id "$server") || return 2
  copied=$(copy_name "$server") || return 2
  if [[ $status != gone ]]; then printf '  server %s  %s  %s, of %s; its copy %s  %s stays\n' "$name" "$id" "$status" "$rc" "$copied" "$copy"; fi
}
