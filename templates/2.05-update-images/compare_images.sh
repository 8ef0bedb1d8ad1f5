compare_images_check() {
  # departs: glance
  ask images_are_current
  case $ANSWER in
    yes) pass 'glance and /httpboot hold the packaged images: nothing to upload' ;;
    no) pass "new images to upload: $WHY" ;;
    unknown) fail "cannot compare the images: $WHY" "$REMEDY" ;;
  esac
}
