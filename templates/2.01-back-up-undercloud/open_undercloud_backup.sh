open_undercloud_backup_requires() { backup_dir_is_private && undercloud_backup_has_room; }
open_undercloud_backup_satisfied() { backup_is_young undercloud; }
open_undercloud_backup_apply() { begin_backup undercloud; }
open_undercloud_backup_verify() { backup_is_young undercloud; }

# The databases are counted twice: as a dump, and as that dump in the archive.
undercloud_backup_has_room() {
  local sources databases
  sources=$(patiently as_root measure "$BACKUP_DIR" /etc /var/log /var/lib/glance /var/lib/certmonger /var/lib/docker /var/lib/registry \
    /srv/node /root "$UNDERCLOUD_HOME") || return 2
  patiently hear_root measure "$BACKUP_DIR" /var/lib/mysql /var/lib/mongodb || return 2
  databases=$SAID
  numbers sources databases || return 2
  backup_dir_has_room $((sources + 2 * databases))
}
