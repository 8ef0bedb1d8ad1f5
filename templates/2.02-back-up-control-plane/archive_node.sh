archive_node_requires() { backup_is_young control_plane && node_has_room "$1"; }
archive_node_satisfied() { backup_keeps control_plane "$1-filesystem-STAMP.tar.gz"; }
archive_node_apply() {
  local node=$1 set archive
  set=$(backup_set control_plane)
  archive=$node-filesystem-$(stamp_of "$set").tar.gz
  as_root_on "$node" make_private_folder /var/tmp/filesystem_backup
  as_root_on "$node" drop_pieces_left
  # departs: beside
  save_beside "$node"
  # departs: archive
  may_end_with 1 on "$node" sudo tar --exclude=/var/lib/nova/instances --ignore-failed-read --acls --xattrs --xattrs-include='*' --selinux \
    -zcf "/var/tmp/filesystem_backup/$archive" \
    /etc \
    /srv/node \
    /var/log \
    /var/lib/nova \
    /var/lib/glance \
    /var/lib/keystone \
    /var/lib/cinder \
    /var/lib/heat \
    /var/lib/heat-config \
    /var/lib/heat-cfntools \
    /var/lib/rabbitmq \
    /var/lib/neutron \
    /var/lib/haproxy \
    /var/lib/openvswitch \
    /var/lib/redis \
    /usr/libexec/os-apply-config \
    /usr/libexec/os-refresh-config \
    /var/lib/os-collect-config \
    /var/tmp/filesystem_backup/yum-history.txt \
    /var/tmp/filesystem_backup/pcs-config.tar.bz2 \
    /home/heat-admin
  archive_must_hold_both "$node" "/var/tmp/filesystem_backup/$archive"
  on "$node" sudo rm --force -- /var/tmp/filesystem_backup/yum-history.txt /var/tmp/filesystem_backup/pcs-config.tar.bz2
  fetch_piece "$node" "/var/tmp/filesystem_backup/$archive" "$set" "$archive"
}
archive_node_verify() { backup_keeps control_plane "$1-filesystem-STAMP.tar.gz"; }

save_beside() {
  local node=$1
  may_end_with 1 as_root_on "$node" save_yum_history /var/tmp/filesystem_backup/yum-history.txt
  if node_is "$node" pacemaker; then
    as_root_on "$node" save_cluster /var/tmp/filesystem_backup/pcs-config.tar.bz2
  fi
}

archive_must_hold_both() {
  local node=$1 archive=$2
  as_root_on "$node" archive_must_name "$archive" var/tmp/filesystem_backup/yum-history.txt
  if node_is "$node" pacemaker; then
    as_root_on "$node" archive_must_name "$archive" var/tmp/filesystem_backup/pcs-config.tar.bz2
  fi
}

node_has_room() {
  local bytes free
  bytes=$(measure_node "$1") || return 2
  hear_root_on "$1" free_bytes /var/tmp || return 2
  free=$SAID
  room_for "/var/tmp on $1" "$free" "$bytes"
}

measure_node() {
  patiently as_root_on "$1" measure /var/lib/nova/instances /etc /srv/node /var/log /var/lib/nova /var/lib/glance /var/lib/keystone \
    /var/lib/cinder /var/lib/heat /var/lib/heat-config /var/lib/heat-cfntools /var/lib/rabbitmq /var/lib/neutron /var/lib/haproxy \
    /var/lib/openvswitch /var/lib/redis /usr/libexec/os-apply-config /usr/libexec/os-refresh-config /var/lib/os-collect-config /home/heat-admin
}

# Run by root: what was installed, updated and removed, and when; it shows what an update has changed.
save_yum_history() { yum history list all >"$1"; }

# Run by root: what `pcs config restore` takes: the CIB and corosync's files. pcs does not overwrite a file.
save_cluster() {
  rm --force -- "$1"
  pcs config backup "$1"
}

# Run by root: the archive can be read to its end, and this is in it.
archive_must_name() {
  local found
  found=$(tar --list --gzip --file "$1" | awk -v name="$2" '$0 == name { found = 1 } END { print found + 0 }')
  if [[ $found != 1 ]]; then
    printf 'the archive %s has no %s\n' "$1" "$2" >&2
    return 1
  fi
}
