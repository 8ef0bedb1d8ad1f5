package_versions_check() {
  # departs: names
  judge_undercloud judge_installed ask_yum list "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_installed ask_yum list "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"
  judge_nodes all judge_replaced_modules list_replaced_files "$PATCHED_FILES"
  keep_versions versions-after
  pass_unless_found "the undercloud and all $(count_of all) nodes have openvswitch $MINIMUM_OPENVSWITCH and qemu $MINIMUM_QEMU or later, where they need it"
}
