# What heat keeps of deleted stacks slows its database's migration in chapter 3.
deleted_stacks_check() {
  local rows deleted
  if ! rows=$(list_rows stacks with_stackrc openstack stack list --deleted -f json); then
    fail "cannot list the deleted stacks that heat still holds: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack stack list --deleted'
    return
  fi
  deleted=$(awk '/\t(DELETE_COMPLETE|.*_COMPLETE|.*_FAILED)$/ { n++ } END { print n + 0 }' <<<"$rows")
  if [[ $deleted != 0 ]]; then
    warn "heat still holds $deleted deleted stack(s) and their nested stacks" 'after the backup ;; here: sudo heat-manage purge_deleted --granularity days 30'
  else
    pass 'heat holds no deleted stacks'
  fi
}
