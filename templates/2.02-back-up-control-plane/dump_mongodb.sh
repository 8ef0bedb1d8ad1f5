dump_mongodb_requires() { backup_is_young control_plane && mongodb_can_be_dumped && mongodb_dump_has_room; }
dump_mongodb_satisfied() { either site_has_no_mongodb -- backup_keeps control_plane mongo_backup-STAMP.tar; }
dump_mongodb_apply() {
  local set node primary stamp
  local -a options
  set=$(backup_set control_plane)
  stamp=$(stamp_of "$set")
  node=$(mongodb_node)
  # departs: primary
  primary=$(mongodb_primary "$node")
  as_root_on "$node" make_private_folder /var/tmp/mongo_backup
  on "$node" sudo rm --recursive --force -- "/var/tmp/mongo_backup/$stamp"
  options=(--oplog --host "$primary" --out "/var/tmp/mongo_backup/$stamp")
  if [[ $primary == \[* ]]; then options+=(--ipv6); fi
  on "$node" sudo mongodump "${options[@]}"
  as_root_on "$node" pack_mongodb "/var/tmp/mongo_backup/$stamp"
  on "$node" sudo rm --recursive -- "/var/tmp/mongo_backup/$stamp"
  fetch_piece "$node" "/var/tmp/mongo_backup/$stamp.tar" "$set" "mongo_backup-$stamp.tar"
}
dump_mongodb_verify() { backup_keeps control_plane mongo_backup-STAMP.tar; }

mongodb_can_be_dumped() {
  local node
  node=$(mongodb_node) || return 2
  why 'the spec says mongodb: true, but no node has it among its services' 'mongodb: auto or false in the spec'
  [[ -n $node ]] && mongodb_has_primary "$node"
}

# For a while the dump and the archive of it are there both. On a full disk the node's Galera goes down.
mongodb_dump_has_room() {
  local node bytes free
  node=$(mongodb_node) || return 2
  bytes=$(bytes_of_mongodb "$node") || return 2
  hear_root_on "$node" free_bytes /var/tmp || return 2
  free=$SAID
  numbers bytes || return 2
  room_for "/var/tmp on $node" "$free" $((2 * bytes))
}

# Run by root: the dump with its oplog, as one file.
pack_mongodb() {
  if [[ ! -e $1/oplog.bson ]]; then
    printf 'the dump has no oplog\n' >&2
    return 1
  fi
  tar --create --file "$1.tar" --directory "${1%/*}" "${1##*/}"
  archive_must_be_whole "$1.tar"
}
