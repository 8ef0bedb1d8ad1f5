# Switches of ours that are still turned, and nodes that have not been seen back.
nothing_left_open_check() {
  if ((CEPH_MONITORS > 0)); then judge_question no_claims ceph-flag; fi
  if (($(count_of computes) > 0)); then judge_question no_compute_of_ours; fi
  judge_question every_node_is_back
  pass_unless_found 'no flag or service is still turned by this change, and no node is on its way'
}

no_compute_of_ours() {
  local rows ours
  rows=$(list_rows services with_overcloudrc openstack compute service list --long -f json) || return 2
  ours=$(awk -F '\t' -v change="$CHANGE:" '$3 == "disabled" && index($5, change) == 1 { print $1 }' <<<"$rows") || return 2
  why "still disabled by this change: ${ours//$'\n'/, }" 'run section 2.09 again'
  [[ -z $ours ]]
}

every_node_is_back() {
  local mark
  for mark in "$STATE"/rebooting-*; do
    if [[ -e $mark ]]; then
      why "${mark##*/rebooting-} was asked to reboot and has not been seen back" 'run its section again: 2.04, 2.07, 2.08 or 2.09'
      return 1
    fi
  done
}
