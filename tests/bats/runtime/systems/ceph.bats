# What Ceph says before and after a reboot.

load ../helpers

setup() { bundle_up; }

@test "Ceph before a reboot: both flags, and OSDs and placement groups that are there at all" {
  words '. lib/systems/ceph.sh
    find_osds_down() { SAID=""; }
    while read -r FLAGS OSDS UP PGS CLEAN; do
      kept() { if [[ $1 == ceph_flags ]]; then SAID=${FLAGS//,/$NEWLINE}; else "$2"; fi; }
      fetch_ceph_status() { printf -v SAID "%s %s\n" osds "$OSDS" osds_up "$UP" pgs "$PGS" pgs_clean "$CLEAN" states x; }
      ask ceph_holds_for_a_reboot; printf "%s " "$ANSWER"
    done <<<"noout,norebalance 3 3 8 8
noout 3 3 8 8
norebalance 3 3 8 8
noout,norebalance 0 0 8 8
noout,norebalance 3 2 8 8
noout,norebalance 3 3 0 0"'
  same 'yes no no no no no' "${output% }"
}
