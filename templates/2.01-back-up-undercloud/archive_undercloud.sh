archive_undercloud_requires() { backup_keeps undercloud undercloud-all-databases.sql && undercloud_archive_has_room; }
archive_undercloud_satisfied() { backup_keeps undercloud undercloud-backup-STAMP.tar; }
archive_undercloud_apply() {
  local set archive
  set=$(backup_set undercloud)
  archive=undercloud-backup-$(stamp_of "$set").tar
  # departs: itself
  may_end_with 1 in_time sudo tar --anchored --no-wildcards --exclude="$BACKUP_DIR" --exclude=/root/undercloud-all-databases.sql \
    --transform='s|^undercloud-all-databases.sql$|root/undercloud-all-databases.sql|' \
    --acls --xattrs --xattrs-include='*' --selinux --ignore-failed-read -cf "$set/$archive.part" \
    --directory "$set" undercloud-all-databases.sql \
    /etc \
    /var/log \
    /var/lib/glance \
    /var/lib/certmonger \
    /var/lib/docker \
    /var/lib/registry \
    /srv/node \
    /root \
    "$UNDERCLOUD_HOME"
  as_root archive_must_hold_dump "$set/$archive.part"
  keep_piece "$set" "$archive"
}
archive_undercloud_verify() { archive_undercloud_satisfied; }

undercloud_archive_has_room() {
  local set sources dump
  set=$(backup_set undercloud) || return 2
  sources=$(patiently as_root measure "$BACKUP_DIR" /etc /var/log /var/lib/glance /var/lib/certmonger /var/lib/docker /var/lib/registry \
    /srv/node /root "$UNDERCLOUD_HOME") || return 2
  patiently hear_root measure - "$set/undercloud-all-databases.sql" || return 2
  dump=$SAID
  numbers sources dump || return 2
  backup_dir_has_room $((sources + dump))
}

# Run by root: readable to its end, and the dump in it is whole.
archive_must_hold_dump() {
  local last
  archive_must_be_whole "$1" || return
  last=$(tar --extract --to-stdout --file "$1" root/undercloud-all-databases.sql | tail --lines=1)
  if [[ $last != '-- Dump completed'* ]]; then
    printf 'the dump in %s is truncated\n' "$1" >&2
    return 1
  fi
}
