free_space_check() {
  local floor free
  floor=$(awk -v gib="$MINIMUM_FREE_GB" 'BEGIN { printf "%d", gib * 1048576 }')
  if free=$(kibibytes_free "$BACKUP_DIR") && numbers floor free; then
    if ((free < floor)); then
      fail "the backups' place $BACKUP_DIR has $((free / 1048576)) GiB left, and $MINIMUM_FREE_GB are needed at the least" \
        'make room, or change backup.directory in the spec'
    fi
  else
    fail "cannot tell how much room $BACKUP_DIR has" "df $BACKUP_DIR"
  fi
  judge_undercloud judge_disks list_disks
  judge_nodes all judge_disks list_disks
  pass_unless_found "$BACKUP_DIR has room for the backups, and every file system is less than $DISK_WARN % full"
}

list_disks() { timeout 60 df --output=source,fstype,pcent,ipcent,avail,target -x overlay -x tmpfs -x devtmpfs; }
