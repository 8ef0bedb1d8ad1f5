list_images_check() {
  local ids
  { with_stackrc openstack image list && ls -l /httpboot; } 2>&1 | to_log
  pass_or_fail 'glance and /httpboot hold the packaged images' "./$SCRIPT" images_are_current
  pass_or_fail 'every bare metal node names them' "$(way_to_step configure_nodes)" nodes_boot_current
  ask no_old_images
  case $ANSWER in
    no)
      words_into ids "$(tr ' ' '\n' <<<"${WHY#old images: }")"
      pass "$WHY; they can be deleted once they are no longer needed: $(shown_remedy "stackrc: openstack image delete $ids")"
      ;;
    unknown) fail "cannot list the old images: $WHY" 'stackrc: openstack image list' ;;
  esac
}
