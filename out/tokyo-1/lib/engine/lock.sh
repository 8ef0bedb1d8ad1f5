# One run per site at a time. The descriptor is closed for every child: an ssh master that outlives us would keep the lock.
# What counts is the lock, never the text in the file: a text that a killed run has left behind stops nobody.

lock_site() {
  local file=$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME.lock
  # (a pipe would be waited for)
  if [[ -e $file && ! -f $file ]] || ! mkdir --parents -- "${file%/*}" || ! { : >>"$file"; } 2>/dev/null; then
    gate_refuse "the lock cannot be written: $file" "it must belong to $UNDERCLOUD_USER: ls -l $(quoted "$file")"
  fi
  exec 9>>"$file"
  if ! flock --nonblock 9; then
    printf '%s: another run holds the lock of site %s: %s\n' "$SCRIPT" "$SITE_NAME" "$(plain "$(tail --lines=1 -- "$file")")" >&2
    printf '  remedy: wait for it to end, or see who runs it: fuser -v %s\n' "$(quoted "$file")" >&2
    STOPPED=yes
    exit 5
  fi
  # the text is for people; a full disk does not stop a run here
  { : >"$file" && printf '%s pid %d, section %s, since %s\n' "$(id -un)" "$$" "$SECTION" "$(date --utc '+%F %TZ')" >&9; } 2>/dev/null || :
}

close_lock() { exec 9>&-; }
