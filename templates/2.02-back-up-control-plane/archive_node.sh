archive_node_requires() { backup_is_young control_plane && node_has_room "$1"; }
archive_node_satisfied() { backup_keeps control_plane "$1-filesystem-STAMP.tar.gz"; }
archive_node_apply() {
  local node=$1 set archive
  set=$(backup_set control_plane)
  archive=$node-filesystem-$(stamp_of "$set").tar.gz
  as_root_on "$node" make_private_folder /var/tmp/filesystem_backup
  # departs: archive
  may_end_with 1 on "$node" sudo tar --exclude=/var/lib/nova/instances --ignore-failed-read --xattrs --xattrs-include='*' --selinux \
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
    /home/heat-admin
  on "$node" sudo tar --list --gzip --file "/var/tmp/filesystem_backup/$archive" >/dev/null
  fetch_piece "$node" "/var/tmp/filesystem_backup/$archive" "$set" "$archive"
}
archive_node_verify() { backup_keeps control_plane "$1-filesystem-STAMP.tar.gz"; }

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
    /var/lib/openvswitch /var/lib/redis /usr/libexec/os-apply-config /home/heat-admin
}
