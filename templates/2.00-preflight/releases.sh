releases_check() {
  judge_undercloud judge_release read_releases
  judge_nodes all judge_release read_releases
  pass_unless_found "the undercloud and all $(count_of all) nodes run RHEL 7 and OpenStack Platform 10"
}

read_releases() {
  cat /etc/redhat-release
  command -v needs-restarting >/dev/null || printf 'no needs-restarting\n'
  if [[ -e /etc/rhosp-release ]]; then cat /etc/rhosp-release; fi
  read_subscription
}

# With packages from Red Hat's own network a host follows RHEL's newest release unless one is set. (With a Satellite the content view decides.)
read_subscription() {
  local said
  if [[ ! -e /etc/pki/consumer/cert.pem ]] || ! grep --quiet '^baseurl *= *https://cdn\.redhat\.com' /etc/rhsm/rhsm.conf; then return; fi
  # where it fails, what it says is the answer
  said=$(timeout 60 subscription-manager release 2>&1) || said=${said:-no answer}
  printf 'subscription %s\n' "${said##*$'\n'}"
}

# The newest RHEL that the later edition of the guide sets for this chapter.
NEWEST_RHEL=7.7

judge_release() {
  local answer
  answer=$(cat)
  judge_subscription "$1" "$(sed --quiet 's/^subscription //p' <<<"$answer")"
  answer=$(sed '/^subscription /d' <<<"$answer")
  if has_line 'no needs-restarting' "$answer"; then
    fail "$1 has no needs-restarting, which shows whether a reboot is needed" "on $1: sudo yum install yum-utils"
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

judge_subscription() {
  local remedy="on $1: sudo subscription-manager release --set=$NEWEST_RHEL && sudo yum clean all"
  case $2 in
    '' | 'Release: 7.'[3-7]) ;;
    'Release: '*) warn "$1 follows RHEL ${2#Release: }, which OpenStack Platform 10 does not support" "$remedy" ;;
    'Release not set'*) warn "$1 has no RHEL release set: its update would bring the newest, which OpenStack Platform 10 does not support" "$remedy" ;;
    *deleted* | *'not registered'* | *'not yet registered'*)
      warn "$1 does not say which RHEL release it follows: $2" \
        "with the holder of the account register it again ;; on $1: sudo subscription-manager clean; sudo subscription-manager register"
      ;;
    *) warn "$1 does not say which RHEL release it follows: $2" "on $1: sudo subscription-manager release" ;;
  esac
}
