package_versions_check() {
  judge_undercloud judge_installed list_packages "${CHECKED_PACKAGES[@]}"
  judge_nodes all judge_installed list_packages "${CHECKED_PACKAGES[@]}"
  pass_unless_found "the undercloud and all $(count_of all) nodes have openvswitch $MINIMUM_OPENVSWITCH and qemu $MINIMUM_QEMU or later, where they need it"
}

# Run by root. `yum list` ends with 1 where it knows none of the names, and with 1 as well where it cannot reach a repository.
list_packages() {
  local answer status=0
  # departs: names
  answer=$(yum --quiet list "$@" 2>&1) || status=$?
  if ((status == 0)) || [[ $answer == *'No matching Packages to list'* ]]; then
    printf '%s\n' "$answer"
  else
    printf '%s\n' "$answer" >&2
    return "$status"
  fi
}
