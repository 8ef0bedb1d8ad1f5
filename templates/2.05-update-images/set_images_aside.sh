set_images_aside_requires() { images_folder_is_plain; }
set_images_aside_satisfied() { either images_are_current -- no_other_images; }
set_images_aside_apply() {
  local now
  now=$(date +%Y%m%d-%H%M%S)
  # departs: aside
  mv --no-target-directory -- "$IMAGES_DIR" "$IMAGES_DIR.before-$CHANGE-$now"
  mkdir -- "$IMAGES_DIR"
}
set_images_aside_verify() { no_other_images; }

# no_other_images: the folder is empty, not there, or holds what the packages brought, cut short or not.
no_other_images() {
  local sums file found
  if [[ -L $IMAGES_DIR ]]; then
    why "$IMAGES_DIR is a symbolic link" 'undercloud.images_dir in the spec; or put the folder itself there'
    return 1
  fi
  why "$IMAGES_DIR holds no other image files"
  if [[ ! -e $IMAGES_DIR ]]; then return 0; fi
  found=$(find "$IMAGES_DIR" -mindepth 1 -maxdepth 1 -printf '%f\n') || return 2
  if [[ -z $found || -e $IMAGES_DIR/.extracting ]]; then return 0; fi
  sums=$(packaged_sums) || return 2
  while read -r file _; do
    if [[ ! -e $IMAGES_DIR/$file ]]; then
      why "$IMAGES_DIR holds files other than the packaged images"
      return 1
    fi
  done <<<"$sums"
  images_extracted
}

# A rename would break whatever points at the folder; a mount cannot be renamed.
images_folder_is_plain() {
  local mount parent
  why "the images folder is not an absolute path below the home directory: ${IMAGES_DIR:-empty}" 'undercloud.images_dir in the spec'
  [[ $IMAGES_DIR == /?*/?* && $IMAGES_DIR != "$UNDERCLOUD_HOME" ]] || return 1
  why "$IMAGES_DIR is a symbolic link, or not a folder" "ls -ld $IMAGES_DIR"
  [[ -d $IMAGES_DIR && ! -L $IMAGES_DIR ]] || return 1
  mount=$(stat --format %m -- "$IMAGES_DIR") || return 2
  why "$IMAGES_DIR is a mount point of its own" 'empty it by hand'
  [[ $mount != "$IMAGES_DIR" ]] || return 1
  parent=$(dirname -- "$IMAGES_DIR") || return 2
  why "$parent cannot be written" "ls -ld $parent"
  [[ -w $parent ]]
}
