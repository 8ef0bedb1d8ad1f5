# Packages and their versions, against the minimums of the guide.

MINIMUM_OPENVSWITCH=2.9
MINIMUM_QEMU=2.10
CHECKED_PACKAGES=(qemu-img-rhev qemu-kvm-common-rhev qemu-kvm-rhev qemu-kvm-tools-rhev openvswitch)

# version_at_least VERSION MINIMUM: number by number, so that 2.10 is more than 2.9. Epoch and release do not count.
version_at_least() {
  local -a have want
  local -i at
  local own least
  [[ $1 =~ ^([0-9]+:)?([0-9]+(\.[0-9]+)*) ]] || return 2
  IFS=. read -r -a have <<<"${BASH_REMATCH[2]}"
  IFS=. read -r -a want <<<"$2"
  for ((at = 0; at < ${#want[@]}; at++)); do
    own=${have[at]:-0} least=${want[at]}
    [[ $own =~ ^[0-9]{1,18}$ && $least =~ ^[0-9]{1,18}$ ]] || return 2
    # (10#: a zero in front makes no octal number)
    if ((10#$own != 10#$least)); then
      ((10#$own > 10#$least))
      return
    fi
  done
}

# minimum_of PACKAGE: sets MINIMUM.
minimum_of() {
  case $1 in
    openvswitch) MINIMUM=$MINIMUM_OPENVSWITCH ;;
    *) MINIMUM=$MINIMUM_QEMU ;;
  esac
}

# package_is_due NODE PACKAGE: must the node have it, by what it is? Absent elsewhere is fine. For checks, of what is not installed.
package_is_due() {
  case $2 in
    openvswitch)
      if [[ $1 == undercloud ]]; then return 0; fi
      node_is "$1" controllers || node_is "$1" computes || return 1
      ask does_without_openvswitch "$1"
      # a check goes on after whatever it finds
      set +e
      [[ $ANSWER != yes ]]
      ;;
    # tools for the person at the machine; no instance runs by them
    qemu-kvm-tools-rhev) return 1 ;;
    *) [[ $1 != undercloud ]] && node_is "$1" computes ;;
  esac
}

# versions_of PACKAGE LISTED: sets INSTALLED and AVAILABLE by `parse yum list`; of several versions the last, as yum sorts them.
versions_of() {
  local section name version
  INSTALLED='' AVAILABLE=''
  while read -r section name version _; do
    if [[ $name != "$1" ]]; then continue; fi
    case $section in
      installed) INSTALLED=$version ;;
      available) AVAILABLE=$version ;;
    esac
  done <<<"$2"
}

# judge_installed NODE: `yum list` on stdin. One line a node, so that a site before its update is still readable.
judge_installed() {
  local listed package missing='' old='' newer=''
  listed=$(parse yum list)
  for package in "${CHECKED_PACKAGES[@]}"; do
    versions_of "$package" "$listed"
    minimum_of "$package"
    if [[ -z $INSTALLED ]]; then
      if package_is_due "$1" "$package"; then missing+=", $package"; fi
    elif ! version_at_least "$INSTALLED" "$MINIMUM"; then
      old+=", $package $INSTALLED (at least $MINIMUM)"
    elif [[ -n $AVAILABLE ]]; then
      newer+=", $package $AVAILABLE (installed is $INSTALLED)"
    fi
  done
  if [[ -n $missing ]]; then fail "$1: not installed: ${missing#, }" "on $1: sudo yum install ${missing//, / }"; fi
  if [[ -n $old ]]; then fail "$1: too old: ${old#, }" "$(how_to_update "$1")"; fi
  if [[ -n $newer ]]; then warn "$1: newer on offer: ${newer#, }" "$(how_to_update "$1")"; fi
}

how_to_update() {
  if [[ $1 == undercloud ]]; then printf 'section 2.04'; else printf 'section 2.06; see that the repositories of %s hold it' "$1"; fi
}

# judge_offers NODE: what is installed or on offer reaches the minimum, so that the update can bring it. `yum list` on stdin.
judge_offers() {
  local listed package short=''
  listed=$(parse yum list)
  for package in "${CHECKED_PACKAGES[@]}"; do
    versions_of "$package" "$listed"
    minimum_of "$package"
    if [[ -z $INSTALLED ]] && ! package_is_due "$1" "$package"; then continue; fi
    if [[ -n $INSTALLED ]] && version_at_least "$INSTALLED" "$MINIMUM"; then continue; fi
    if [[ -n $AVAILABLE ]] && version_at_least "$AVAILABLE" "$MINIMUM"; then continue; fi
    short+=", $package ${AVAILABLE:-is not on offer} (at least $MINIMUM${INSTALLED:+; installed is $INSTALLED})"
  done
  if [[ -n $short ]]; then
    fail "$1: the repositories do not offer enough: ${short#, }" "on $1: sudo yum repolist; publish a content view that holds them"
  fi
}
