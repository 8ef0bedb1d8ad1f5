boot_images_check() {
  local images kernel ramdisk
  if ! images=$(glance_images 2>"$SCRATCH/images.err"); then
    fail "cannot list glance's images: $(last_words "$SCRATCH/images.err" 'an error')" 'stackrc: openstack image list'
    return
  fi
  judge_boot_image bm-deploy-kernel "$images"
  kernel=$SAID
  judge_boot_image bm-deploy-ramdisk "$images"
  ramdisk=$SAID
  if [[ -n $kernel && -n $ramdisk ]]; then
    over_bare_metal judge_boot_of_nodes "$kernel" "$ramdisk"
  fi
  pass_unless_found 'glance has one deploy kernel and one deploy ramdisk, and every node names them'
}
