dump_redis_requires() { backup_is_young control_plane && redis_can_be_dumped; }
dump_redis_satisfied() { either site_has_no_redis -- backup_keeps control_plane redis-STAMP.rdb; }
dump_redis_apply() {
  local set node before
  set=$(backup_set control_plane)
  node=$(redis_master)
  # departs: auth
  must_say PONG redis_on "$node" PING
  wait_until 3600 'the save that redis is already running' redis_is_idle "$node"
  before=$(redis_on "$node" LASTSAVE)
  must_say 'Background saving started' redis_on "$node" BGSAVE
  # departs: wait
  wait_until 3600 'redis to finish its save' redis_is_idle "$node"
  must_be_so redis_has_saved "$node" "$before"
  as_root_on "$node" make_private_folder /var/tmp/redis_backup
  # departs: master
  as_root_on "$node" take_redis_dump "/var/tmp/redis_backup/dump.rdb"
  fetch_piece "$node" /var/tmp/redis_backup/dump.rdb "$set" "redis-$(stamp_of "$set").rdb"
}
dump_redis_verify() { backup_keeps control_plane redis-STAMP.rdb; }

redis_can_be_dumped() {
  local node
  node=$(redis_master) || return
  redis_answers "$node" && redis_dump_has_room "$node"
}

# A save lies beside the last one, and its copy in /var/tmp; neither is larger than what Redis has in memory. A full disk stops Galera.
redis_dump_has_room() {
  local bytes place
  hear_root_on "$1" redis_ask_here 'INFO memory' || return 2
  bytes=$(redis_word used_memory <<<"$SAID") || return 2
  numbers bytes || return 2
  hear_root_on "$1" redis_setting dir || return 2
  for place in "$SAID" /var/tmp; do
    hear_root_on "$1" free_bytes "$place" || return 2
    room_for "$place on $1" "$SAID" $((2 * bytes)) || return
  done
}

# Run by root on the master: a later save replaces the file, so it is copied before it is read twice.
take_redis_dump() {
  local folder file
  folder=$(redis_setting dir)
  file=$(redis_setting dbfilename)
  cp -- "$folder/$file" "$1"
  if [[ $(head --bytes=5 -- "$1") != REDIS ]]; then
    printf '%s is not a dump of redis\n' "$folder/$file" >&2
    return 1
  fi
}
