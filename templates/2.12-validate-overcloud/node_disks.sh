node_disks_check() {
  judge_nodes all judge_disks list_disks
  pass_unless_found "on all $(count_of all) nodes every file system is less than $DISK_WARN % full"
}

list_disks() {
  # departs: levels
  timeout 60 df --output=source,fstype,pcent,ipcent,avail,target -x overlay -x tmpfs -x devtmpfs
}
