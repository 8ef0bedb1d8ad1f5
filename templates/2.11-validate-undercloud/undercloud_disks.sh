undercloud_disks_check() {
  # departs: thresholds
  judge_undercloud judge_disks list_disks
  pass_unless_found "every file system is less than $DISK_WARN % full"
}
