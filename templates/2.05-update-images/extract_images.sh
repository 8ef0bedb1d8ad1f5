extract_images_requires() { no_other_images && room_for_images; }
extract_images_satisfied() { either images_are_current -- images_extracted; }
extract_images_apply() {
  local i
  mkdir --parents -- "$IMAGES_DIR"
  : >"$IMAGES_DIR/.extracting"
  cd "$IMAGES_DIR"
  for i in /usr/share/rhosp-director-images/overcloud-full-latest-10.0.tar /usr/share/rhosp-director-images/ironic-python-agent-latest-10.0.tar; do
    tar -xvf "$i"
  done
  rm -- "$IMAGES_DIR/.extracting"
}
extract_images_verify() { images_extracted; }

# room_for_images: the archives are not compressed, so that they take their own size and a little.
room_for_images() {
  local need free folder
  need=$(stat --dereference --format %s -- "${IMAGE_ARCHIVES[@]}" | awk '{ sum += $1 } END { printf "%d", sum * 1.1 }') || return 2
  folder=$(dirname -- "$IMAGES_DIR") || return 2
  free=$(df --output=avail --block-size=1 -- "$folder" | tail --lines=1) || return 2
  free=${free//[[:blank:]]/}
  numbers need free || return 2
  why "$folder has $free bytes free, but the images need $need" "free some space ;; here: df -h $(quoted "$folder")"
  ((free > need))
}
