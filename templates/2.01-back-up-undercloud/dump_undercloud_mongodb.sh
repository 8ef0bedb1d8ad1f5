dump_undercloud_mongodb_requires() { backup_is_young undercloud; }
dump_undercloud_mongodb_satisfied() { either undercloud_has_no_mongodb -- backup_keeps undercloud undercloud-mongodb-STAMP.tar; }
dump_undercloud_mongodb_apply() {
  local set stamp
  set=$(backup_set undercloud)
  stamp=$(stamp_of "$set")
  # departs: zaqar
  as_root dump_mongodb_here "$set" "$set/undercloud-mongodb-$stamp.tar.part"
  keep_piece "$set" "undercloud-mongodb-$stamp.tar"
}
dump_undercloud_mongodb_verify() { backup_keeps undercloud undercloud-mongodb-STAMP.tar; }

# Run by root. A single server has no oplog to go with its dump.
dump_mongodb_here() {
  local set=$1 archive=$2 address
  address=$(hiera_value mongodb::server::bind_ip 2>/dev/null) || address=127.0.0.1
  rm --recursive --force -- "$set/mongodb.part"
  mongodump --host "$address" --out "$set/mongodb.part"
  tar --create --file "$archive" --directory "$set" --transform 's/^mongodb.part/mongodb/' mongodb.part
  archive_must_be_whole "$archive"
  rm --recursive -- "$set/mongodb.part"
}
