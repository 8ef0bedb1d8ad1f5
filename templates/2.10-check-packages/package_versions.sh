package_versions_check() {
  judge_undercloud judge_installed list_packages "${CHECKED_PACKAGES[@]}"
  judge_nodes all judge_installed list_packages "${CHECKED_PACKAGES[@]}"
  pass_unless_found "the undercloud and all $(count_of all) nodes have openvswitch $MINIMUM_OPENVSWITCH and qemu $MINIMUM_QEMU or later, where they need it"
}

# Run by root; `yum list` ends with 1 where it knows none of the names, with nothing else on its standard error.
list_packages() {
  local status=0
  # departs: names
  yum --quiet list "$@" || status=$?
  if ((status > 1)); then return "$status"; fi
}
