upload_images_requires() { images_extracted && no_node_is_deploying; }
upload_images_satisfied() { images_are_current; }
upload_images_apply() {
  cd "$IMAGES_DIR"
  # departs: folder
  with_stackrc openstack overcloud image upload --update-existing --image-path "$IMAGES_DIR/"
}
upload_images_verify() { images_are_current; }
