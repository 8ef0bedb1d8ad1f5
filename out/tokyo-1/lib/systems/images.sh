# The images that nodes are deployed from: as packaged, as extracted, and as glance, the PXE server and ironic have them.

IMAGE_ARCHIVES=(
  /usr/share/rhosp-director-images/overcloud-full-latest-10.0.tar
  /usr/share/rhosp-director-images/ironic-python-agent-latest-10.0.tar
)

# FILE ARCHIVE GLANCE-NAME: each file, which of the archives holds it, and what glance calls it.
image_table() {
  printf '%s\n' 'overcloud-full.vmlinuz 0 overcloud-full-vmlinuz' 'overcloud-full.initrd 0 overcloud-full-initrd' \
    'overcloud-full.qcow2 0 overcloud-full' 'ironic-python-agent.kernel 1 bm-deploy-kernel' \
    'ironic-python-agent.initramfs 1 bm-deploy-ramdisk'
}

# packaged_sums: `FILE MD5` of what the packages brought. The archives are big, so they are read once a run.
packaged_sums() {
  local file number name sum key
  for file in "${IMAGE_ARCHIVES[@]}"; do
    if [[ ! -e $file ]]; then
      why "$file is not there" 'sudo yum install rhosp-director-images rhosp-director-images-ipa'
      return 2
    fi
  done
  key=$(stat --dereference --format '%s-%Y' -- "${IMAGE_ARCHIVES[@]}" | paste --serial --delimiters=-) || return 2
  if [[ ! -e $SCRATCH/packaged-$key ]]; then
    while read -r file number name; do
      sum=$(tar --extract --to-stdout --no-anchored --file "${IMAGE_ARCHIVES[number]}" "$file" | md5sum) || {
        why "$name: ${IMAGE_ARCHIVES[number]} does not hold $file" "tar -tf ${IMAGE_ARCHIVES[number]}"
        return 2
      }
      printf '%s %s\n' "$file" "${sum%% *}"
    done < <(image_table) >"$SCRATCH/packaged.new" || return 2
    mv -- "$SCRATCH/packaged.new" "$SCRATCH/packaged-$key" || return 2
  fi
  cat -- "$SCRATCH/packaged-$key"
}

# is_sum TEXT FILE MD5: the file has this sum in a list of `FILE MD5`.
is_sum() { grep --quiet --line-regexp --fixed-strings -- "$2 $3" <<<"$1"; }

# images_extracted: the images folder holds every file just as the packages brought it.
images_extracted() {
  local sums file sum
  sums=$(packaged_sums) || return 2
  while read -r file sum; do
    why "$IMAGES_DIR/$file is not there"
    [[ -f $IMAGES_DIR/$file ]] || return 1
    why "$IMAGES_DIR/$file is not as packaged"
    md5_is "$IMAGES_DIR/$file" "$sum" || return
  done <<<"$sums"
  why "$IMAGES_DIR holds the packaged images"
}

md5_is() {
  local sum
  sum=$(md5sum <"$1") || return 2
  [[ ${sum%% *} == "$2" ]]
}

# glance_names: `NAME ID` of every image.
glance_images() {
  local images
  hear_undercloud openstack image list --format json || {
    why "glance does not answer: $(said_last)" 'stackrc: openstack image list'
    return 2
  }
  images=$SAID
  parse glance names <<<"$images"
}

# glance_id NAME LIST: the one image of that name in the list; without one it is a no, with two it cannot tell.
glance_id() {
  local ids
  ids=$(awk -v name="$1" '$1 == name { print $2 }' <<<"$2") || return 2
  if [[ -z $ids ]]; then
    why "glance has no image $1"
    return 1
  fi
  if [[ $ids == *$'\n'* ]]; then
    why "glance has more than one image $1: ${ids//$'\n'/, }" 'rename or delete the wrong one'
    return 2
  fi
  printf '%s\n' "$ids"
}

glance_checksum() { with_stackrc openstack image show --format value --column checksum "$1" || return 2; }

# images_are_current: glance and the PXE server have what the packages brought.
images_are_current() {
  local sums images file number name id checksum
  sums=$(packaged_sums) || return 2
  images=$(glance_images) || return 2
  while read -r file number name; do
    id=$(glance_id "$name" "$images") || return
    checksum=$(glance_checksum "$id") || return 2
    why "glance's image $name is not $file of ${IMAGE_ARCHIVES[number]##*/}"
    is_sum "$sums" "$file" "$checksum" || return
  done < <(image_table)
  agent_is_current "$sums"
}

# agent_is_current SUMS: what /httpboot gives to nodes under introspection.
agent_is_current() {
  local sum
  sum=$(awk '$1 == "ironic-python-agent.kernel" { print $2 }' <<<"$1") || return 2
  why '/httpboot/agent.kernel is not as packaged'
  [[ -f /httpboot/agent.kernel ]] || return 1
  md5_is /httpboot/agent.kernel "$sum" || return
  sum=$(awk '$1 == "ironic-python-agent.initramfs" { print $2 }' <<<"$1") || return 2
  why '/httpboot/agent.ramdisk is not as packaged'
  [[ -f /httpboot/agent.ramdisk ]] || return 1
  md5_is /httpboot/agent.ramdisk "$sum" || return
  why 'glance and /httpboot hold the packaged images'
}

# nodes_boot_current: every bare metal node names glance's present kernel and ramdisk.
nodes_boot_current() {
  local images nodes kernel ramdisk other
  images=$(glance_images) || return 2
  kernel=$(glance_id bm-deploy-kernel "$images") || return
  ramdisk=$(glance_id bm-deploy-ramdisk "$images") || return
  nodes=$(bare_metal_boot) || return 2
  if [[ -z $nodes ]]; then
    why 'ironic lists no node at all' 'an undercloud without bare metal of its own says images: skip in the spec ;; stackrc: openstack baremetal node list'
    return 2
  fi
  other=$(awk -v kernel="$kernel" -v ramdisk="$ramdisk" '$2 != kernel || $3 != ramdisk { print $1 }' <<<"$nodes") || return 2
  why "other deploy images: ${other//$'\n'/, }" "stackrc: openstack overcloud node configure \$(openstack baremetal node list -c UUID -f value)"
  [[ -z $other ]] || return 1
  why "every node names the kernel $kernel and the ramdisk $ramdisk"
}

bare_metal_boot() {
  local nodes
  hear_undercloud openstack baremetal node list --fields uuid driver_info --format json || return 2
  nodes=$SAID
  parse ironic boot <<<"$nodes"
}

# old_images: `NAME ID` of what an upload renamed with the time of the image.
old_images() {
  local images
  images=$(glance_images) || return 2
  awk '$1 ~ /^(overcloud-full|overcloud-full-vmlinuz|overcloud-full-initrd|bm-deploy-kernel|bm-deploy-ramdisk)_[0-9TZ]+$/' <<<"$images"
}

no_old_images() {
  local old
  old=$(old_images) || return 2
  why "old images: $(awk '{ print $1 }' <<<"$old" | paste --serial --delimiters=' ')"
  [[ -z $old ]] || return 1
  why 'glance has no old images'
}
