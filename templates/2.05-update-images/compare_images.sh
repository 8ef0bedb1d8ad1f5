# The guide greps yum.log. That log is rotated, and a line in it does not say that the image was never uploaded.
compare_images_check() {
  ask images_are_current
  case $ANSWER in
    yes) pass 'glance and /httpboot hold the packaged images: nothing to upload' ;;
    no) pass "new images to upload: $WHY" ;;
    unknown) fail "cannot tell: $WHY" "$REMEDY" ;;
  esac
}
