# Channels: which of Red Hat's repositories a node's packages come from, and of which release that is. A node that lacks one is updated by halves,
# or yum refuses in the middle of 2.06, over what depends on the part that has none; one that has another release's goes on to that.

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

# judge_channels NODE LISTED CHANNELS HELD: what is not installed has no repository to want; of what yum is told to leave alone it shows none.
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
        "on $1: sudo subscription-manager repos --enable=$repository; sudo yum repolist; of a Satellite: publish a content view that has it"
    else
      warn "$lack, which is installed there and does not run: yum may fail over what it depends on" \
        "on $1: sudo yum remove $package, if nothing that is needed goes with it; or: sudo subscription-manager repos --enable=$repository"
    fi
    if [[ -n $NEWEST && ${NEWEST#*:} != "$begins"* ]] && version_at_least "$NEWEST" "${begins%.}"; then
      quote_into id "$FROM"
      fail "$1: the repository $FROM offers $package $NEWEST, which is not of $what: the update would bring it" \
        "on $1: sudo subscription-manager repos --disable=$id; if it is not Red Hat's: sudo yum-config-manager --disable $id"
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
