free_space_check() {
  judge_question backup_dir_has_room 0
  judge_undercloud judge_disks list_disks
  judge_nodes all judge_disks list_disks
  pass_unless_found "$BACKUP_DIR has room for the backups, and every file system is less than $DISK_WARN % full"
}
