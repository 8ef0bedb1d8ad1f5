# Packages and their versions, against the minimums of the guide.

MINIMUM_OPENVSWITCH=2.9
MINIMUM_QEMU=2.10
CHECKED_PACKAGES=(qemu-img-rhev qemu-kvm-common-rhev qemu-kvm-rhev qemu-kvm-tools-rhev openvswitch)

# version_at_least VERSION MINIMUM: number by number, so that 2.10 is more than 2.9. Epoch and release do not count.
version_at_least() {
  local -a have want
  local -i at
  [[ $1 =~ ^([0-9]+:)?([0-9]+(\.[0-9]+)*) ]] || return 2
  IFS=. read -r -a have <<<"${BASH_REMATCH[2]}"
  IFS=. read -r -a want <<<"$2"
  for ((at = 0; at < ${#want[@]}; at++)); do
    # (10#: a zero in front makes no octal number)
    if ((10#${have[at]:-0} != 10#${want[at]})); then
      ((10#${have[at]:-0} > 10#${want[at]}))
      return
    fi
  done
}

minimum_of() {
  case $1 in
    openvswitch) printf '%s' "$MINIMUM_OPENVSWITCH" ;;
    *) printf '%s' "$MINIMUM_QEMU" ;;
  esac
}

# package_is_due NODE PACKAGE: must the node have it, by what it is? Absent elsewhere is fine.
package_is_due() {
  case $2 in
    openvswitch) [[ $1 == undercloud ]] || node_is "$1" controllers || node_is "$1" computes ;;
    # tools for the person at the machine; no instance runs by them
    qemu-kvm-tools-rhev) return 1 ;;
    *) [[ $1 != undercloud ]] && node_is "$1" computes ;;
  esac
}

# of_package NAME SECTION: its version in `parse yum list` on stdin; of several the last, as yum sorts them.
of_package() {
  local section name version found=''
  while read -r section name version _; do
    if [[ $section == "$2" && $name == "$1" ]]; then found=$version; fi
  done
  printf '%s\n' "$found"
}

# judge_installed NODE: `yum list` on stdin. One line a node, so that a site before its update is still readable.
judge_installed() {
  local listed package installed available missing='' old='' newer=''
  listed=$(parse yum list)
  for package in "${CHECKED_PACKAGES[@]}"; do
    installed=$(of_package "$package" installed <<<"$listed")
    available=$(of_package "$package" available <<<"$listed")
    if [[ -z $installed ]]; then
      if package_is_due "$1" "$package"; then missing+=", $package"; fi
    elif ! version_at_least "$installed" "$(minimum_of "$package")"; then
      old+=", $package $installed (at least $(minimum_of "$package"))"
    elif [[ -n $available ]]; then
      newer+=", $package $available (installed is $installed)"
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
  local listed package installed available minimum short=''
  listed=$(parse yum list)
  for package in "${CHECKED_PACKAGES[@]}"; do
    minimum=$(minimum_of "$package")
    installed=$(of_package "$package" installed <<<"$listed")
    available=$(of_package "$package" available <<<"$listed")
    if [[ -z $installed ]] && ! package_is_due "$1" "$package"; then continue; fi
    if [[ -n $installed ]] && version_at_least "$installed" "$minimum"; then continue; fi
    if [[ -n $available ]] && version_at_least "$available" "$minimum"; then continue; fi
    short+=", $package ${available:-is not on offer} (at least $minimum${installed:+; installed is $installed})"
  done
  if [[ -n $short ]]; then
    fail "$1: the repositories do not offer enough: ${short#, }" "on $1: sudo yum repolist; publish a content view that holds them"
  fi
}
