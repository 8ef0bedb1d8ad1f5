# Versions against the minimums of the guide.

load ../helpers

setup() { bundle_up; }

@test "version_at_least: number by number, and what is no version is no answer" {
  words '. "$BUNDLE/lib/systems/packages.sh"
    while read -r version minimum; do
      status=0; version_at_least "$version" "$minimum" || status=$?; printf "%s " "$status"
    done <<<"2.9.0 2.10
10:2.10.0-21.el7_5.4 2.10
2.10 2.9
2.08.1-3 2.9
3 2.10
2 2.0
none 2.9"'
  same '1 0 0 1 0 0 2' "${output% }"
}

@test "what keeps packages back: a fail where it is needed and not on offer, else a warning" {
  words '. lib/systems/packages.sh; fail() { echo "fail $1"; }; warn() { echo "warn $1"; }
    printf -v held "lock\tlist\t%s\t%s\n" "open*" openvswitch "pace*" "pacemaker, ceph-mon"
    judge_held n1 "$held" ", openvswitch is not on offer"; judge_held n1 "$held" ", ceph-mon 10.1"'
  same 'fail n1: yum versionlock keeps open*|warn n1: yum versionlock keeps pace*|warn n1: yum versionlock keeps open*|fail n1: yum versionlock keeps pace*' \
    "$(sed 's/ from the update.*//' <<<"$output" | paste -sd'|')"
}
