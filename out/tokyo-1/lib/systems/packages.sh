# Packages and their versions, against the minimums of the guide; and the channels that they come from.

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
    # (10#: a leading zero does not make it octal)
    if ((10#$own != 10#$least)); then
      ((10#$own > 10#$least))
      return
    fi
  done
}

# Run by root: ask_yum [OPTION...] list NAME... ends with 1 if yum knows none of the names, and also if it cannot reach a
# repository.
ask_yum() {
  local listed status=0
  listed=$(yum --quiet "$@" 2>&1) || status=$?
  if ((status == 0)) || [[ $listed == *'No matching Packages to list'* ]]; then
    printf '%s\n' "$listed"
  else
    printf '%s\n' "$listed" >&2
    return "$status"
  fi
}

# minimum_of PACKAGE: sets MINIMUM.
minimum_of() {
  case $1 in
    openvswitch) MINIMUM=$MINIMUM_OPENVSWITCH ;;
    *) MINIMUM=$MINIMUM_QEMU ;;
  esac
}

# package_is_due NODE PACKAGE: for checks, of a package that is not installed: a node of this kind must have it.
package_is_due() {
  case $2 in
    openvswitch)
      if [[ $1 == undercloud ]]; then return 0; fi
      node_is "$1" controllers || node_is "$1" computes || return 1
      ask does_without_openvswitch "$1"
      # a check continues whatever it finds
      set +e
      [[ $ANSWER != yes ]]
      ;;
    # tools for the person at the machine; no instance runs by them
    qemu-kvm-tools-rhev) return 1 ;;
    *) [[ $1 != undercloud ]] && node_is "$1" computes ;;
  esac
}

INSTALLED='' AVAILABLE=''

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
  local listed package wanted missing='' old='' newer=''
  local -a due=()
  listed=$(parse yum list)
  note_versions "$1" "$listed"
  for package in "${CHECKED_PACKAGES[@]}"; do
    versions_of "$package" "$listed"
    minimum_of "$package"
    if [[ -z $INSTALLED ]]; then
      if package_is_due "$1" "$package"; then missing+=${missing:+$'\n'}$package; fi
    elif ! version_at_least "$INSTALLED" "$MINIMUM"; then
      old+=", $package $INSTALLED (at least $MINIMUM)"
      due+=("$package")
    elif [[ -n $AVAILABLE ]]; then
      newer+=", $package $AVAILABLE (installed is $INSTALLED)"
    fi
  done
  if [[ -n $missing ]]; then
    words_into wanted "$missing"
    fail "$1: not installed: ${missing//$'\n'/, }" "on $1: sudo yum install $wanted"
  fi
  if [[ -n $old ]]; then fail "$1: too old: ${old#, }" "$(with_words_of due how_to_update "$1")"; fi
  if [[ -n $newer ]]; then
    warn "$1: newer on offer: ${newer#, }" 'what was published since the update began is for the next update of the site: nothing is to be done for this change'
  fi
}

# note_versions NODE LISTED: what is installed there, for keep_versions.
note_versions() {
  local package
  for package in "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}"; do
    versions_of "$package" "$2"
    if [[ -n $INSTALLED ]]; then printf '%s\t%s\t%s\n' "$1" "$package" "$INSTALLED"; fi
  done >>"$SCRATCH/versions"
}

# keep_versions FILE: what was noted goes to the ticket. What a node had when it was first asked stays in a file `before`: 2.00 may be run again
# after the update. Columns: NODE PACKAGE VERSION.
keep_versions() {
  local file=$STATE/evidence/$1.tsv before=''
  if [[ ! -e $SCRATCH/versions ]]; then return 0; fi
  if [[ $1 == *before && -e $file ]]; then before=$file; fi
  if awk -F '\t' '!seen[$1, $2]++' ${before:+"$before"} "$SCRATCH/versions" 2>>"$SCRATCH/stderr" >"$SCRATCH/versions.once" &&
    replace_file "$file" <"$SCRATCH/versions.once" 2>>"$SCRATCH/stderr"; then
    return 0
  fi
  warn "the versions of packages cannot be kept: $file" "make room ;; here: df -h $(quoted "$STATE")"
}

# how_to_update HOST PACKAGE...: a section that has finished its update does nothing more for a package that was not on offer then, and says so: what is
# left is done on the host. The switch of a node is updated by the function that the node's own update has for it, since its old package restarts it.
how_to_update() {
  local host=$1 package switch='' others='' by=update-overcloud
  local -a words=()
  shift
  if [[ $host == undercloud ]]; then by=update-undercloud; fi
  for package in "$@"; do
    if [[ $package == openvswitch && $host != undercloud ]]; then switch=yes; else words+=("$package"); fi
  done
  printf '%s brings them if it has not run yet; once it is finished, have the repositories of %s hold them, update them there, then run the section that reboots it' \
    "$(section_named "$by")" "$host"
  if ((${#words[@]} > 0)); then
    quote_into others "${words[@]}"
    printf ' ;; on %s: sudo yum makecache; sudo yum update %s' "$host" "$others"
  fi
  if [[ -n $switch ]]; then printf ' ;; here: %s' "$(command_that_updates_the_switch "$host")"; fi
}
command_that_updates_the_switch() {
  local line
  ssh_line_into line '' 'sudo bash -s' "$1"
  printf '(cat %s; echo special_case_ovs_upgrade_if_needed) | %s' "$(quoted "${DEPLOY_TEMPLATES%/}/extraconfig/tasks/pacemaker_common_functions.sh")" "${line#: }"
}

# list_held, run by root: `held KIND FILE PATTERN` for every entry of the versionlock plugin, if it is enabled, and of every `exclude` line of yum
# and of its enabled repositories.
list_held() {
  local locks=/etc/yum/pluginconf.d/versionlock.list plugin=/etc/yum/pluginconf.d/versionlock.conf file
  if [[ -e $locks && -e $plugin ]] && grep --quiet --extended-regexp '^[[:blank:]]*enabled[[:blank:]]*=[[:blank:]]*(1|yes|true|on)' "$plugin"; then
    awk -v file="$locks" '$1 != "" && $1 !~ /^#/ { printf "held\tlock\t%s\t%s\n", file, $1 }' "$locks"
  fi
  for file in /etc/yum.conf /etc/yum.repos.d/*.repo; do
    if [[ ! -e $file ]]; then continue; fi
    awk -v file="$file" '
      function flush(  at, count, parts) {
        count = split(patterns, parts, /[[:blank:],]+/)
        for (at = 1; at <= count; at++) if (enabled && parts[at] != "") printf "held\texclude\t%s\t%s\n", file, parts[at]
        patterns = ""
      }
      BEGIN { enabled = 1 }
      /^[[:blank:]]*\[/ { flush(); enabled = 1; inside = 0; next }
      /^[[:blank:]]*[#;]/ { next }
      /^[[:blank:]]/ { if (inside) patterns = patterns " " $0; next }
      { inside = 0 }
      /^enabled[[:blank:]]*=[[:blank:]]*(0|no|false|off)/ { enabled = 0 }
      /^exclude[[:blank:]]*=/ { inside = 1; sub(/^[^=]*=/, ""); patterns = $0 }
      END { flush() }' "$file"
  done
}

# how_to_release NODE KIND FILE PATTERN
how_to_release() {
  local pattern
  quote_into pattern "$4"
  if [[ $2 == lock ]]; then
    printf 'on %s: sudo yum versionlock list; sudo yum versionlock delete %s' "$1" "$pattern"
  else
    printf 'take %s out of the line exclude= of %s there ;; on %s: sudo grep --line-number exclude %s' "$4" "$3" "$1" "$(quoted "$3")"
  fi
}

# judge_held NODE HELD SHORT: of what keeps packages back (`parse yum held`), each with its own way out. What holds one that is needed and
# not on offer is a fail; any other may stay if its owner says so: the update skips it.
judge_held() {
  local kind file pattern names package needed reason remedy
  while IFS=$'\t' read -r kind file pattern names; do
    needed=no
    for package in ${names//,/}; do
      if [[ $3 == *", $package "* ]]; then needed=yes; fi
    done
    reason="$1: $(name_of_hold "$kind") keeps $pattern from the update ($file)"
    remedy=$(how_to_release "$1" "$kind" "$file" "$pattern")
    if [[ $needed == yes ]]; then fail "$reason" "$remedy"; else warn "$reason" "$remedy"; fi
  done < <(grep . <<<"$2")
}
name_of_hold() { if [[ $1 == lock ]]; then printf 'yum versionlock'; else printf 'a line exclude='; fi; }

# judge_offers NODE: what is installed or on offer reaches the minimum, so that the update can bring it, and each of the node's packages has a
# repository of its own release. The answer of `list_offers` on stdin.
judge_offers() {
  local answer listed held package short=''
  answer=$(cat)
  listed=$(parse yum list <<<"$answer")
  note_versions "$1" "$listed"
  held=$(parse yum held "${CHECKED_PACKAGES[@]}" "${CHANNEL_PACKAGES[@]}" <<<"$answer")
  for package in "${CHECKED_PACKAGES[@]}"; do
    versions_of "$package" "$listed"
    minimum_of "$package"
    if [[ -z $INSTALLED ]] && ! package_is_due "$1" "$package"; then continue; fi
    if [[ -n $INSTALLED ]] && version_at_least "$INSTALLED" "$MINIMUM"; then continue; fi
    if [[ -n $AVAILABLE ]] && version_at_least "$AVAILABLE" "$MINIMUM"; then continue; fi
    short+=", $package ${AVAILABLE:-is not on offer} (at least $MINIMUM${INSTALLED:+; installed is $INSTALLED})"
  done
  judge_held "$1" "$held" "$short"
  judge_channels "$1" "$listed" "$(parse yum channels <<<"$answer")" "$held"
  if [[ -n $short && -z $held ]]; then
    # a lock or a filter that list_held does not read looks the same
    fail "$1: the repositories do not offer enough: ${short#, }" \
      "if nothing keeps them back, publish a content view that holds them ;; on $1: sudo yum repolist; sudo yum versionlock list; grep -rE '^(exclude|includepkgs|priority)' /etc/yum.conf /etc/yum.repos.d"
  elif [[ -n $short ]]; then
    fail "$1: yum does not offer enough: ${short#, }" \
      "take away what keeps them back, as said for each; then: $(way_to_step package_offers)"
  fi
}

# Which of Red Hat's repositories a node's packages come from, and of which release that is. A node that lacks one is updated by halves,
# or yum refuses in the middle of 2.06, because something depends on the part without one; another release's takes the node to that release.

# channel_marks: PACKAGE|REPOSITORY|ITS VERSION BEGINS WITH|GROUP|WHAT THAT IS: one package for each repository, which has it and no other does, and the
# group of nodes that runs it: the overcloud's image brings all of them to every node.
channel_marks() {
  cat <<'MARKS'
kernel|rhel-7-server-rpms|3.10.|all|Red Hat Enterprise Linux 7
rhosp-release|rhel-7-server-openstack-10-rpms|10.|all|OpenStack Platform 10
pacemaker|rhel-ha-for-rhel-7-server-rpms|1.1.|pacemaker|the High Availability Add-On of RHEL 7
ceph-mon|rhel-7-server-rhceph-2-mon-rpms|10.2.|ceph_mons|Ceph Storage 2
ceph-osd|rhel-7-server-rhceph-2-osd-rpms|10.2.|ceph_osds|Ceph Storage 2
kernel-rt|rhel-7-server-nfv-rpms|3.10.|all|RHEL 7 for NFV
MARKS
}
CHANNEL_PACKAGES=(kernel rhosp-release pacemaker ceph-mon ceph-osd kernel-rt)

# look_at_channel PACKAGE BEGINS LISTED CHANNELS: by `parse yum list` and `parse yum channels`, sets INSTALLED; RIGHT, its newest version of that
# release; NEWEST, the newest of all, and FROM, the repository that holds it.
look_at_channel() {
  local name version repository
  versions_of "$1" "$3"
  RIGHT='' NEWEST='' FROM=''
  while read -r name version repository; do
    if [[ $name != "$1" ]]; then continue; fi
    NEWEST=$version FROM=$repository
    if [[ ${version#*:} == "$2"* ]]; then RIGHT=$version; fi
  done <<<"$4"
}

# judge_channels NODE LISTED CHANNELS HELD: what is not installed needs no repository; of what yum is to leave alone it shows none.
judge_channels() {
  local package repository begins group what id lack
  while IFS='|' read -r package repository begins group what; do
    look_at_channel "$package" "$begins" "$2" "$3"
    if [[ -z $INSTALLED || ${INSTALLED#*:} != "$begins"* ]] || is_kept_back "$package" "$4"; then continue; fi
    lack="$1: no enabled repository holds $package of $what"
    if [[ -n $RIGHT ]]; then
      :
    elif [[ $group == all ]] || node_is "$1" "$group"; then
      fail "$lack: what comes from there is not updated, or yum fails over what depends on it" \
        "of a Satellite, publish a content view that has it ;; on $1: sudo subscription-manager repos --enable=$(quoted "$repository"); sudo yum repolist"
    else
      warn "$lack, which is installed there and does not run: yum may fail over what it depends on" \
        "enable $repository with subscription-manager, or take it away if nothing that is needed goes with it ;; on $1: sudo yum remove $(quoted "$package")"
    fi
    if [[ -n $NEWEST && ${NEWEST#*:} != "$begins"* ]] && version_at_least "$NEWEST" "${begins%.}"; then
      quote_into id "$FROM"
      fail "$1: the repository $FROM offers $package $NEWEST, which is not of $what: the update would bring it" \
        "one that is not Red Hat's is disabled with yum-config-manager --disable ;; on $1: sudo subscription-manager repos --disable=$id"
    fi
  done < <(channel_marks)
}

# is_kept_back PACKAGE HELD: by the rows of `parse yum held`.
is_kept_back() {
  local names
  while IFS=$'\t' read -r _ _ _ names; do
    if [[ ", $names, " == *", $1, "* ]]; then return 0; fi
  done <<<"$2"
  return 1
}
