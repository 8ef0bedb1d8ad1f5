# One run per site at a time. The descriptor is closed for every child: an ssh master that outlives us would keep the lock.

lock_site() {
  local folder=$UNDERCLOUD_HOME/osp-runbook
  mkdir --parents -- "$folder"
  exec 9>>"$folder/$SITE_NAME.lock"
  if ! flock --nonblock 9; then
    say "another run holds the lock of site $SITE_NAME: $(tail --lines=1 -- "$folder/$SITE_NAME.lock")" >&2
    say "wait for it to end, or look with: fuser -v $folder/$SITE_NAME.lock" >&2
    exit 5
  fi
  : >"$folder/$SITE_NAME.lock"
  printf '%s pid %d, section %s, since %s\n' "$(id -un)" "$$" "$SECTION" "$(date '+%F %T')" >&9
}

close_lock() { exec 9>&-; }
