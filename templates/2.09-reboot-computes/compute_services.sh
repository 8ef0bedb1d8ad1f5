# A service that somebody else has disabled stays so: its owner decides, and the reader is warned.
compute_services_check() {
  settle "nova-compute on $1 and its agents to be up" judge_soon compute_serves "$1"
  # what is not up is in the findings
  if [[ -s $SCRATCH/findings ]]; then return; fi
  # departs: long
  ask takes_instances "$1"
  case $ANSWER in
    yes) pass "nova-compute on $1 is enabled and up, and its agents are alive" ;;
    no) warn "$WHY" "${REMEDY:-ask its owner}" ;;
    *) fail "cannot tell whether nova-compute on $1 is enabled: $WHY" 'rc: openstack compute service list' ;;
  esac
}
