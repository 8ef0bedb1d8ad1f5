# Only now: the packages of computes and Ceph nodes come in the last part of the update, long after their breakpoints.
reboot_list_check() {
  local node
  ask update_is_done
  if [[ $ANSWER != yes ]]; then fail "the update is not done: $WHY" "${REMEDY:-$(way_to_step update_stack)}"; fi
  # what that question has noted beside its answer
  warn_besides
  # departs: yum-log
  gather all reboot_list_of
  while IFS= read -r node; do
    judge_reboot_of "$node"
  done < <(nodes_in all)
}

reboot_list_of() {
  as_root_on "$1" packages_for_reboot || return 2
  reasons_to_reboot "$1" || return 2
  printf 'due %s\n' "$DUE"
}

# What was gathered of the node goes to the log, and the verdict to the screen.
judge_reboot_of() {
  local node=$1 due
  if [[ $(gathered_status "$node") != 0 ]]; then
    fail "$node: cannot tell whether it needs a reboot" "on $node: sudo tail -n 50 /var/log/yum.log"
    return
  fi
  due=$(gathered "$node" | sed --quiet 's/^due //p')
  gathered "$node" | sed "s/^/$node  /" | to_log
  if [[ -n $due ]]; then pass "$node needs a reboot: $due"; else pass "$node needs no reboot"; fi
}

# Run by root on the node. No such line proves nothing: the log is rotated, and what runs counts.
packages_for_reboot() {
  if [[ -e /var/log/yum.log ]]; then awk '/(Updated|Installed): ([0-9]+:)?(kernel|openvswitch)-/' /var/log/yum.log; fi
}
