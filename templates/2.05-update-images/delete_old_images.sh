delete_old_images_requires() { images_are_current && nodes_boot_current; }
delete_old_images_satisfied() { no_old_images; }
delete_old_images_apply() {
  local old name id
  old=$(old_images)
  while read -r name id; do
    note "$name"
    with_stackrc openstack image delete "$id"
  done <<<"$old"
}
delete_old_images_verify() { no_old_images; }
