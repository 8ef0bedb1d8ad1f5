node_disks_check() {
  # departs: levels
  judge_nodes all judge_disks list_disks
  pass_unless_found "on all $(count_of all) nodes every file system is less than $DISK_WARN % full"
}
