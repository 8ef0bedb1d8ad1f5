dump_databases_requires() { backup_is_young control_plane && control_plane_mysql_answers && dump_has_room; }
dump_databases_satisfied() { backup_keeps control_plane openstack_databases-STAMP.sql; }
dump_databases_apply() {
  local set node schemas file
  local -a databases=()
  set=$(backup_set control_plane)
  file=openstack_databases-$(stamp_of "$set").sql
  # departs: synced
  node=$(synced_node)
  as_root_on "$node" make_private_folder /var/tmp/mysql_backup
  # departs: password
  hear_root_on "$node" with_mysql_login mysql -s -N -e "select distinct table_schema from information_schema.tables where engine='innodb' and table_schema != 'mysql';"
  schemas=$SAID
  # departs: empty
  must_be_there 'schemas of the engine innodb' "$schemas"
  mapfile -t databases <<<"$schemas"
  # departs: name
  # departs: programs
  as_root_on "$node" with_mysql_login mysqldump --single-transaction --routines --events --result-file="/var/tmp/mysql_backup/$file" \
    --databases -- "${databases[@]}"
  as_root_on "$node" dump_must_hold "/var/tmp/mysql_backup/$file" "${#databases[@]}"
  fetch_piece "$node" "/var/tmp/mysql_backup/$file" "$set" "$file"
}
dump_databases_verify() { backup_keeps control_plane openstack_databases-STAMP.sql; }

# A dump is smaller than the files it is made from; one that fills the disk would take Galera down with it.
dump_has_room() {
  local node bytes free
  node=$(synced_node) || return
  patiently hear_root_on "$node" measure - /var/lib/mysql || return 2
  bytes=$SAID
  hear_root_on "$node" free_bytes /var/tmp || return 2
  free=$SAID
  room_for "/var/tmp on $node" "$free" "$bytes"
}

# Run by root: whole, and with every schema in it.
dump_must_hold() {
  local found
  dump_must_be_whole "$1"
  found=$(grep --count '^CREATE DATABASE ' -- "$1")
  if [[ $found != "$2" ]]; then
    printf '%s holds %d schemas, but there are %d\n' "$1" "$found" "$2" >&2
    return 1
  fi
}

# With an empty list mysqldump would be run without any database.
must_be_there() {
  if [[ -z $2 ]]; then
    complain "MariaDB lists no $1"
    exit 1
  fi
}
