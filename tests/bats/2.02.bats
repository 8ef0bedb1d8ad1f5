#!/usr/bin/env bats
# 2.02  The control plane's backup

load helpers
load backups

SECTION=./2.02-back-up-control-plane.sh

setup_file() {
  base fresh 'backup: {copy_to: "backup@192.0.2.250:/srv/osp"}'
  # a host's files are there once it was first entered
  for node in 0 1 2; do WORLD=$BATS_FILE_TMPDIR/fresh sim_on "overcloud-controller-$node" true; done
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/opened"
  WORLD=$BATS_FILE_TMPDIR/opened sim_run "$SECTION" --step 2.02/0 >"$BATS_FILE_TMPDIR/opened.output" 2>&1
  simulator copy "$BATS_FILE_TMPDIR/opened" "$BATS_FILE_TMPDIR/done"
  WORLD=$BATS_FILE_TMPDIR/done sim_run "$SECTION" >"$BATS_FILE_TMPDIR/done.output" 2>&1
}

teardown_file() { down_all; }

# without PATTERN: this test begins in a world where all is done but one piece.
without() {
  from done
  find "$(newest control_plane)" -name "$1" -delete
}

piece() { find "$(newest control_plane)" -name "$1"; }

# The host that a tool was last called on.
called_on() { grep "\"tool\": \"$1\"" "$WORLD/calls.jsonl" | tail -n 1 | sed 's/.*"host": "\([^"]*\)".*/\1/'; }

@test "a fresh run: databases, grants, MongoDB, Redis and every controller, copied, and no secret shown" {
  from done
  run cat "$BATS_FILE_TMPDIR/done.output"
  printf '%s\n' "$output"
  told_well
  local set node
  set=$(newest control_plane)
  sums_are_right "$set"
  [ "$(wc -l <"$set/SHA256SUMS")" -eq 7 ]
  [ "$(grep -c '^CREATE DATABASE' "$(piece 'openstack_databases-*')")" -eq 7 ]
  [ "$(grep -c '^GRANT .*;$' "$(piece '*grants*')")" -ge "$(sim_get galera.users | grep -o '\[' | wc -l)" ]
  [ "$(head -c 5 "$(piece 'redis-*')")" = REDIS ]
  tar -tf "$(piece 'mongo_backup-*')" | grep -q oplog.bson
  for node in 0 1 2; do
    tar -tzf "$(piece "overcloud-controller-$node-filesystem-*.tar.gz")" | grep -q '^etc/hostname'
    refute grep 'var/lib/nova/instances/' <(tar -tzf "$(piece "overcloud-controller-$node-*")")
  done
  sums_are_right "$(sim_file backup "/srv/osp/lab-1/CHG0000001/${set##*/}")"
  no_secret_is_shown
}

@test "nothing stays on the controllers" {
  from done
  for node in 0 1 2; do
    [ -z "$(find "$(sim_file "overcloud-controller-$node" /var/tmp)" -type f)" ]
    [ ! -e "$(sim_file "overcloud-controller-$node" /root/.osp-runbook.cnf)" ]
  done
}

@test "a second run changes nothing, with the journal or without it" {
  from done
  has_nothing_to_do sim_run "$SECTION"
}

@test "without room on the undercloud it refuses; MariaDB counts beside MongoDB" {
  from fresh
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 9 - 1000))
  changes_nothing sim_run "$SECTION"
  expect 3 'are needed'
  # (as large as a site's, and so not compared byte by byte)
  sim_on overcloud-controller-0 sudo sh -c 'mkdir -p /var/lib/mysql && truncate --size 10G /var/lib/mysql/ibdata1'
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 9 - 8 * 10 ** 9))
  run sim_run "$SECTION"
  expect 3 '8.0 GB free, but 12.. GB are needed'
}

@test "without room where the dump is written, whatever the disk of the databases has, nothing is dumped" {
  from opened
  sim_on overcloud-controller-0 sudo sh -c 'mkdir -p /var/lib/mysql && truncate --size 10M /var/lib/mysql/ibdata1'
  sim_set hosts.overcloud-controller-0.disks '[{"source": "/dev/vda2", "fstype": "xfs", "size": 500000000000, "used": 90000000000, "target": "/"},
    {"source": "/dev/vda3", "fstype": "xfs", "size": 5000000000, "used": 4999999000, "target": "/var/tmp"}]'
  changes_nothing sim_run "$SECTION" --step 2.02/1
  expect 3 '/var/tmp on overcloud-controller-0 has 1.0 kB free'
}

@test "a controller that cannot be reached is no answer: refused" {
  from fresh
  sim_set hosts.overcloud-controller-1.up false
  changes_nothing sim_run "$SECTION"
  expect 3
}

@test "the databases come from a controller that is synced" {
  from opened
  sim_set galera.nodes.overcloud-controller-0.synced false
  run sim_run "$SECTION" --step 2.02/1
  expect 0
  [ "$(called_on mysqldump)" = overcloud-controller-1 ]
}

@test "with no controller synced it refuses, and changes nothing" {
  from opened
  for node in 0 1 2; do sim_set "galera.nodes.overcloud-controller-$node.synced" false; done
  changes_nothing sim_run "$SECTION" --step 2.02/1
  expect 3 'galera is not synced'
}

@test "hiera that knows no password says nil and success; we do not take that for one" {
  from opened
  sim_set hosts.overcloud-controller-0.hiera '{"service_names": ["mysql"]}'
  run sim_on overcloud-controller-0 sudo hiera mysql::server::root_password
  expect 0 '^nil$'
  changes_nothing sim_run "$SECTION" --step 2.02/1
  expect 3 'hiera has no mysql::server::root_password'
}

@test "a dump that breaks off fails, is no piece, and leaves no password behind; then it is made whole" {
  from opened
  sim_fault '^mysqldump ' cut 1
  run sim_run "$SECTION" --step 2.02/1
  expect 1 failed
  [ -z "$(piece 'openstack_databases*')" ]
  [ ! -e "$(sim_file overcloud-controller-0 /root/.osp-runbook.cnf)" ]
  run sim_run "$SECTION" --step 2.02/1
  expect 0
  [ "$(grep -c '^CREATE DATABASE' "$(piece 'openstack_databases-*')")" -eq 7 ]
}

@test "killed after the dump, the next run ends in the same place" {
  from opened
  sim_fault '^mysqldump ' kill-after 1
  run sim_run "$SECTION" --step 2.02/1
  [ "$status" -ne 0 ]
  run sim_run "$SECTION" --step 2.02/1
  expect 0
  sums_are_right "$(newest control_plane)"
  [ -z "$(find "$(sim_file overcloud-controller-0 /var/tmp)" -type f)" ]
}

@test "an empty list of schemas runs no dump" {
  from opened
  sim_set galera.schemas '{}'
  sim_mark
  run sim_run "$SECTION" --step 2.02/1
  expect 1 'lists no schemas'
  refute grep '"tool": "mysqldump"' <(tail -n "+$((SIM_MARK + 1))" "$WORLD/calls.jsonl")
}

@test "a folder under /var/tmp that leads elsewhere is not written through" {
  from opened
  sim_on overcloud-controller-0 bash -c 'mkdir /tmp/mine && ln -s /tmp/mine /var/tmp/mysql_backup'
  run sim_run "$SECTION" --step 2.02/1
  expect 1 "not a folder owned by root"
  [ -z "$(find "$(sim_file overcloud-controller-0 /tmp/mine)" -type f)" ]
}

@test "the dump's name is no host to scp" {
  from done
  [[ $(piece 'openstack_databases-*') != *:* ]]
}

@test "grants of a user that is gone meanwhile are no grants: failed" {
  without '*grants*'
  sim_fault 'mysql .*SHOW GRANTS FOR' 'exit 1 ERROR 1141 (42000) at line 1: There is no such grant defined' 2
  run sim_run "$SECTION" --step 2.02/1f
  expect 1 failed
  [ -z "$(piece '*grants*.sql')" ]
}

@test "a user's name is a word in the query for its grants, and no query of its own" {
  without '*grants*'
  sim_set galera.users '[["nova", "%"], ["a\\", "%"], ["a'"'"'; drop database nova; #", "%"], ["it'"'"'s\\", "%"], ["root", "%"], ["rootless", "%"]]'
  run sim_run "$SECTION" --step 2.02/1f
  expect 0
  [ "$(grep --count "^GRANT .*a'; drop database nova; #" "$(piece '*grants*')")" -eq 2 ]
  [ "$(grep --count "'rootless'@'%'" "$(piece '*grants*')")" -eq 2 ]
  refute grep "'root'" "$(piece '*grants*')"
}

@test "an archive of a node of the cluster that lacks the cluster's own file is no piece" {
  without 'overcloud-controller-1-*'
  sim_fault '^pcs config backup' 'exit 0' 1
  run sim_run "$SECTION" --step 2.02/4 --node overcloud-controller-1
  expect 1 'has no var/tmp/filesystem_backup/pcs-config.tar.bz2'
  [ -z "$(piece 'overcloud-controller-1-*.tar.gz')" ]
}

@test "a redis that does not say whether it saves is not idle" {
  from opened
  run library 'redis_on() { echo rdb_last_bgsave_status:ok; }; ask redis_is_idle overcloud-controller-0; echo "$ANSWER"'
  expect 0 '^no$'
}

@test "MongoDB is dumped from the primary, which bind_ip is not, and nothing of an attempt before" {
  without 'mongo_backup*'
  local older
  older=/var/tmp/mongo_backup/$(basename "$(newest control_plane)" | sed 's/^control_plane-//')
  sim_on overcloud-controller-0 sudo sh -c "umask 077; mkdir -p $older && echo half >$older/older.bson"
  sim_set mongo.primary '"overcloud-controller-1"'
  run sim_on overcloud-controller-0 sudo hiera mongodb::server::bind_ip
  expect 0 '^192.0.2.10$'
  run sim_run "$SECTION" --step 2.02/2
  expect 0
  grep '"tool": "mongodump"' "$WORLD/calls.jsonl" | tail -n 1 | grep -q '"192.0.2.11:27017"'
  refute grep older.bson <(tar -tf "$(piece 'mongo_backup-*')")
}

@test "a replica set without a primary is refused" {
  without 'mongo_backup*'
  sim_set mongo.primary '""'
  changes_nothing sim_run "$SECTION" --step 2.02/2
  expect 3 'knows no primary'
}

@test "where no node runs MongoDB there is nothing to dump" {
  without 'mongo_backup*'
  for node in 0 1 2; do sim_set "hosts.overcloud-controller-$node.hiera.service_names" '["mysql", "redis"]'; done
  changes_nothing sim_run "$SECTION" --step 2.02/2
  expect 0 'no node runs MongoDB'
}

@test "Redis: a wrong password ends with 0 there, and refuses here" {
  without 'redis-*'
  sim_set redis.password '"changed meanwhile"'
  run sim_on overcloud-controller-0 redis-cli -a wrong -h 172.16.2.6 ping
  expect 0 NOAUTH
  changes_nothing sim_run "$SECTION" --step 2.02/3
  expect 3 'refuses the login'
}

@test "Redis is taken from its master, after its save has ended" {
  without 'redis-*'
  sim_set redis.master '"overcloud-controller-1"'
  sim_set redis.bgsave_seconds 20
  run sim_run "$SECTION" --step 2.02/3
  expect 0
  grep -a -q 'saved at' "$(piece 'redis-*')"
}

@test "right after bgsave the file is the earlier one" {
  from fresh
  local password
  password=$(sim_get redis.password)
  sim_on overcloud-controller-0 redis-cli -a "$password" -h 172.16.2.6 bgsave
  run sim_on overcloud-controller-0 sudo cat /var/lib/redis/dump.rdb
  grep -a -q earlier <<<"$output"
}

@test "a save of Redis that fails is no dump" {
  without 'redis-*'
  sim_set redis.bgsave_fails true
  run sim_run "$SECTION" --step 2.02/3
  expect 1 'last status err'
  [ -z "$(piece 'redis-*')" ]
}

@test "a controller without room for its archive is refused" {
  without 'overcloud-controller-1-*'
  sim_set hosts.overcloud-controller-1.disks.0.used $((500 * 10 ** 9 - 100))
  changes_nothing sim_run "$SECTION" --step 2.02/4 --node overcloud-controller-1
  expect 3 'overcloud-controller-1 has'
}

@test "an archive that arrives otherwise than it left is a failure; what is left of older backups goes, and nothing else" {
  without 'overcloud-controller-2-*'
  local older=2018-10-01-120000
  sim_on overcloud-controller-2 sudo sh -c "umask 077; cd /var/tmp && mkdir -p filesystem_backup mongo_backup/$older mysql_backup &&
    touch filesystem_backup/overcloud-controller-2-filesystem-$older.tar.gz mongo_backup/$older.tar mongo_backup/by-hand.tar mysql_backup/openstack_databases-$older.sql \\
    mysql_backup/openstack_databases-by-hand.sql filesystem_backup/overcloud-controller-2-filesystem-2018-10-01.tar.gz"
  sim_fault '^ssh .*sudo cat' 'exit 0' 1
  run sim_run "$SECTION" --step 2.02/4 --node overcloud-controller-2
  expect 1 'that of the file that arrived is'
  run find "$(sim_file overcloud-controller-2 /var/tmp)" \( -name "*$older*" -o -name '*by-hand*' -o -name '*-2018-10-01.tar.gz' \) -printf '%f\n'
  [ "$(sort <<<"$output" | paste -sd' ')" = 'by-hand.tar openstack_databases-by-hand.sql overcloud-controller-2-filesystem-2018-10-01.tar.gz' ]
}

@test "a stale backup stays, and a new one is made beside it; the gates of later sections hear no" {
  from done
  run says backup_is_fresh control_plane
  expect 0 '^yes'
  simulator advance "$WORLD" $((25 * 3600))
  run says backup_is_fresh control_plane
  expect 0 '^no: .*the limit is 24 h'
  run sim_run env OSP_READINESS=yes "$SECTION" --status
  expect 0
  run sim_run "$SECTION" --step 2.02/0
  expect 0
  [ "$(count_of_backups control_plane)" -eq 2 ]
  run says backup_is_fresh control_plane
  expect 0 '^no: .*missing'
}
