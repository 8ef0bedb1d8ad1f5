undercloud_disks_check() {
  judge_undercloud judge_disks list_disks
  pass_unless_found "every file system is less than $DISK_WARN % full"
}

list_disks() {
  # departs: thresholds
  timeout 60 df --output=source,fstype,pcent,ipcent,avail,target -x overlay -x tmpfs -x devtmpfs
}
