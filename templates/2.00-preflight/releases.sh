releases_check() {
  judge_undercloud judge_release read_releases
  judge_nodes all judge_release read_releases
  pass_unless_found "the undercloud and all $(count_of all) nodes run RHEL 7 and OpenStack Platform 10"
}

read_releases() {
  cat /etc/redhat-release
  command -v needs-restarting >/dev/null || printf 'no needs-restarting\n'
  if [[ -e /etc/rhosp-release ]]; then cat /etc/rhosp-release; fi
}

judge_release() {
  local answer
  answer=$(cat)
  if has_line 'no needs-restarting' "$answer"; then
    fail "$1 has no needs-restarting, which says whether a reboot is due" "on $1: sudo yum install yum-utils"
  fi
  if [[ $answer != 'Red Hat Enterprise Linux'*' release 7.'* ]]; then
    fail "$1 does not run Red Hat Enterprise Linux 7: ${answer%%$'\n'*}" 'this chapter is for OpenStack Platform 10 on RHEL 7'
  fi
  case $answer in
    *'OpenStack Platform release 10.'*) ;;
    *'OpenStack Platform release'*) fail "$1 runs another release: ${answer##*$'\n'}" 'this chapter is for OpenStack Platform 10' ;;
    *) warn "$1 does not say which OpenStack Platform it runs" "on $1: rpm --query rhosp-release" ;;
  esac
}
