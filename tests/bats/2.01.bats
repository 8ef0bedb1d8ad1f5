#!/usr/bin/env bats
# 2.01  The undercloud's backup

load helpers
load backups

SECTION=./2.01-back-up-undercloud.sh

setup_file() {
  base fresh 'backup: {copy_to: "backup@[2001:db8::250]:/srv/osp"}'
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/opened"
  WORLD=$BATS_FILE_TMPDIR/opened sim_run "$SECTION" --step 2.01/0 >"$BATS_FILE_TMPDIR/opened.output" 2>&1
  simulator copy "$BATS_FILE_TMPDIR/opened" "$BATS_FILE_TMPDIR/done"
  WORLD=$BATS_FILE_TMPDIR/done sim_run "$SECTION" >"$BATS_FILE_TMPDIR/done.output" 2>&1
}

teardown_file() { down_all; }

archive() { printf '%s' "$(newest undercloud)"/undercloud-backup-*.tar; }

@test "a fresh run: dump, archive and copy, each with its checksum, and no secret shown" {
  from done
  run cat "$BATS_FILE_TMPDIR/done.output"
  printf '%s\n' "$output"
  told_well
  local set far
  set=$(newest undercloud)
  sums_are_right "$set"
  tail -n 1 "$set/undercloud-all-databases.sql" | grep -q '^-- Dump completed'
  tar -xOf "$(archive)" root/undercloud-all-databases.sql | cmp - "$set/undercloud-all-databases.sql"
  for path in etc/passwd var/log/yum.log var/lib/glance/ var/lib/certmonger/ srv/node/ root/ home/stack/; do
    tar -tf "$(archive)" | grep -q "^$path"
  done
  far=$(sim_file backup "/srv/osp/lab-1/CHG0000001/${set##*/}")
  sums_are_right "$far"
  cmp "$set/SHA256SUMS" "$far/SHA256SUMS"
  no_secret_is_shown
}

@test "root alone reads it" {
  from done
  [ -z "$(find "$(sim_file undercloud /var/backup/osp)" -perm /077)" ]
}

@test "the archive holds neither itself nor another backup" {
  from done
  refute grep 'var/backup' <(tar -tf "$(archive)")
}

@test "a second run changes nothing, with the journal or without it" {
  from done
  has_nothing_to_do sim_run "$SECTION"
}

@test "a dry run changes nothing" {
  from fresh
  changes_nothing sim_run "$SECTION" --dry-run
  expect 0 'mysqldump --opt --all-databases'
}

@test "without room it refuses, and changes nothing" {
  from fresh
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 9 - 2 * 10 ** 9))
  changes_nothing sim_run "$SECTION"
  expect 3 '2.0 GB free, but 4.0 GB are needed'
}

@test "a backup folder that everybody may write to is refused" {
  from fresh
  sim_root bash -c 'mkdir -p /var/backup/osp && chmod 0777 /var/backup/osp'
  changes_nothing sim_run "$SECTION"
  expect 3 'is world-writable'
}

@test "MariaDB that does not answer is no dump: refused" {
  from opened
  sim_root systemctl stop mariadb
  changes_nothing sim_run "$SECTION"
  expect 3 "MariaDB does not answer"
}

@test "a dump that breaks off is a failure, no piece, and the next run makes it whole" {
  from opened
  sim_fault '^mysqldump ' cut 1
  run sim_run "$SECTION" --step 2.01/2
  expect 1 'failed'
  [ ! -e "$(newest undercloud)/undercloud-all-databases.sql" ]
  refute grep -q sql "$(newest undercloud)/SHA256SUMS"
  run sim_run "$SECTION" --step 2.01/2
  expect 0
  [ "$(count_of_backups undercloud)" -eq 1 ]
  tail -n 1 "$(newest undercloud)/undercloud-all-databases.sql" | grep -q '^-- Dump completed'
}

@test "the guide's own redirect leaves a cut file under the final name" {
  from fresh
  sim_fault '^mysqldump ' cut 1
  run sim_root bash -c 'mysqldump --opt --all-databases >/root/undercloud-all-databases.sql'
  [ "$status" -ne 0 ]
  run sim_root cat /root/undercloud-all-databases.sql
  [ -n "$output" ]
  refute grep -q 'Dump completed' <<<"$output"
}

@test "an older dump in /root does not take the place of this one" {
  from done
  sim_root bash -c 'echo "an older dump" >/root/undercloud-all-databases.sql'
  rm "$(archive)"
  run sim_run "$SECTION" --step 2.01/3
  expect 0
  [ "$(tar -tf "$(archive)" | grep -c undercloud-all-databases.sql)" -eq 1 ]
  tar -xOf "$(archive)" root/undercloud-all-databases.sql | tail -n 1 | grep -q '^-- Dump completed'
}

@test "killed after the dump, the same command goes on in the same folder" {
  from opened
  sim_fault '^mysqldump ' kill-after 1
  run sim_run "$SECTION"
  [ "$status" -ne 0 ]
  run sim_run "$SECTION" --step 2.01/2
  expect 0
  [ "$(count_of_backups undercloud)" -eq 1 ]
  sums_are_right "$(newest undercloud)"
  [ -z "$(find "$(newest undercloud)" -name '*.part')" ]
}

@test "without .my.cnf the password comes from hiera, quoted, in a file that does not stay" {
  from opened
  sim_root rm /root/.my.cnf
  run sim_run "$SECTION" --step 2.01/2
  expect 0
  [ ! -e "$(sim_file undercloud /root/.osp-runbook.cnf)" ]
  no_secret_is_shown
  # unquoted, # begins a comment, and MariaDB refuses what is left
  sim_root bash -c 'umask 077; printf "[client]\nuser=root\npassword=%s\n" "$(hiera mysql::server::root_password)" >/root/naive'
  run sim_root mysql --defaults-extra-file=/root/naive -e 'select 1;'
  expect 1 'Access denied'
}

@test "a password that hiera does not have stops the run" {
  from opened
  sim_root rm /root/.my.cnf
  sim_set hosts.undercloud.hiera '{}'
  changes_nothing sim_run "$SECTION"
  expect 3 'hiera has no mysql::server::root_password'
}

@test "an undercloud without MongoDB has nothing to dump there" {
  from done
  sim_root systemctl stop mongod
  sim_root systemctl disable mongod
  rm "$(newest undercloud)"/undercloud-mongodb-*
  changes_nothing sim_run "$SECTION" --step 2.01/2b
  expect 0 'runs no MongoDB'
}

@test "a piece that has changed since is made again, and copied again" {
  from done
  echo tampered >>"$(newest undercloud)/undercloud-all-databases.sql"
  run sim_run "$SECTION" --status
  expect 1 'changed undercloud-all-databases.sql'
  run sim_run "$SECTION"
  expect 0
  sums_are_right "$(newest undercloud)"
  sums_are_right "$(sim_file backup "/srv/osp/lab-1/CHG0000001/$(basename "$(newest undercloud)")")"
}

@test "a stale backup stays, and a new one is made beside it; after the update age is no matter" {
  from done
  simulator advance "$WORLD" $((25 * 3600))
  local old
  old=$(newest undercloud)
  run sim_run "$SECTION" --status
  expect 1 'the limit is 24 h'
  run sim_run env OSP_READINESS=yes "$SECTION" --status
  expect 0
  # a word for --status alone: a run of somebody who has it in his environment makes a new one
  run sim_run env OSP_READINESS=yes "$SECTION"
  expect 0
  [ "$(count_of_backups undercloud)" -eq 2 ]
  [ "$(newest undercloud)" != "$old" ]
  sums_are_right "$old"
  refute grep 'var/backup' <(tar -tf "$(archive)")
}

@test "a backup of another change does not count" {
  from done
  mv "$(sim_file undercloud /var/backup/osp)/CHG0000001" "$(sim_file undercloud /var/backup/osp)/CHG0000000"
  run sim_run "$SECTION" --status
  expect 1 'has no backup of the undercloud'
}

@test "a clock that says the backup is of the future is no answer" {
  from done
  echo 4000000000 >"$(newest undercloud)/started"
  changes_nothing sim_run "$SECTION"
  expect 3 'holds a time in the future, or none'
}

@test "a safe place that does not answer is not taken for a missing copy" {
  from done
  sim_set hosts.backup.up false
  changes_nothing sim_run "$SECTION"
  expect 3 'cannot be reached'
}

@test "a copy that differs at the far end is made again" {
  from done
  echo tampered >>"$(sim_file backup "/srv/osp/lab-1/CHG0000001/$(basename "$(newest undercloud)")")/undercloud-all-databases.sql"
  run sim_run "$SECTION" --status
  expect 1 'has files that differ'
  run sim_run "$SECTION"
  expect 0
  sums_are_right "$(sim_file backup "/srv/osp/lab-1/CHG0000001/$(basename "$(newest undercloud)")")"
  # one that lacks a file has no file that differs
  rm "$(sim_file backup "/srv/osp/lab-1/CHG0000001/$(basename "$(newest undercloud)")")/undercloud-all-databases.sql"
  run sim_run "$SECTION" --status
  expect 1 'has files that differ'
}

@test "a safe place without room is refused" {
  from done
  rm -r "$(sim_file backup /srv/osp)/lab-1"
  sim_set hosts.backup.disks.0.used $((500 * 10 ** 9 - 1000))
  changes_nothing sim_run "$SECTION" --step 2.01/4
  expect 3 'backup@.* are needed'
}

@test "ssh takes the address without brackets, and refuses it with them" {
  from fresh
  run sim_run ssh 'backup@2001:db8::250' true
  [ "$status" -eq 0 ]
  run sim_run ssh 'backup@[2001:db8::250]' true
  [ "$status" -eq 255 ]
}

@test "backup_is_fresh: yes when whole, intact and young, else no" {
  from fresh
  run says backup_is_fresh undercloud
  expect 0 '^no: change CHG0000001 has no backup'
  from_done_says yes
  rm "$(newest undercloud)"/undercloud-backup-*.tar
  run says backup_is_fresh undercloud
  expect 0 '^no: .*undercloud-backup'
}

from_done_says() {
  simulator down "$WORLD"
  rm -r "$WORLD"
  from done
  run says backup_is_fresh undercloud
  expect 0 "^$1"
}

@test "backup_is_fresh: no when it is older than the limit" {
  from done
  # by half an hour
  simulator advance "$WORLD" $((24 * 3600 + 1800))
  run says backup_is_fresh undercloud
  expect 0 '^no: .*the limit is 24 h'
}

@test "tar's 1 is done, but; its 2 is a failure" {
  from fresh
  run library 'set -e; may_end_with 1 bash -c "exit 1"; echo on'
  expect 0 on
  run library 'set -e; may_end_with 1 bash -c "exit 2"; echo on'
  expect 1 'ended with 2'
}

@test "an archive that is cut anywhere, between two files too, is no piece" {
  cd "$BATS_TEST_TMPDIR"
  mkdir --parents in/root in/etc
  printf '%s\n' '-- Dump completed' >in/root/undercloud-all-databases.sql
  for number in 1 2 3 4 5 6 7 8; do head --bytes=700 /dev/urandom >"in/etc/$number"; done
  # nor do zeros in a file look like an archive's end
  truncate --size=6000 in/etc/5
  tar --create --file whole --directory in root etc
  cd "$BATS_TEST_DIRNAME/../../templates"
  . <(sed --quiet '/^archive_must_[a-z_]*() {/,/^}/p' 2.01-back-up-undercloud/archive_undercloud.sh _runtime/systems/backup.sh)
  cd "$BATS_TEST_TMPDIR"
  archive_must_hold_dump whole
  # what comes after the first block of zeros is padding, and no loss
  end=$(tar --list --block-number --file whole 2>&1 | sed --quiet 's/^block \([0-9]*\): \*\* Block of NULs.*/\1/p')
  [ "$end" -gt 10 ]
  for ((block = 1; block < end + 1; block++)); do
    head --bytes=$((block * 512)) whole >cut
    refute archive_must_hold_dump cut
  done
}

@test "without copy_to the operator says where the copy is" {
  base attended
  from attended
  run sim_run "$SECTION" </dev/null
  expect 4 'copy this folder to another host'
  changes_nothing sim_run "$SECTION" --step 2.01/4b </dev/null
  expect 4 'to continue'
  # what is typed before the question is shown names no place
  on_terminal 'BEFORE=>tape 16|stops here:=>' "$SECTION" --step 2.01/4b
  expect 4 'where did you copy it'
  [ ! -e "$(newest undercloud)/copied-to" ]
  on_terminal 'tape 17' "$SECTION"
  expect 0 'where did you copy it'
  grep -q '^tape 17 (20' "$(newest undercloud)/copied-to"
  changes_nothing sim_run "$SECTION"
  expect 0 'copied to tape 17'
}

@test "a folder for the copy that is missing, or not mounted, is no safe place: refused" {
  base mounted 'backup: {copy_to: /mnt/tape, directory: /home/stack/backups}'
  from mounted
  run sim_run "$SECTION"
  expect 3 '/mnt/tape is not there'
  sim_root mkdir /mnt/tape
  run sim_run "$SECTION"
  expect 3 'on the same file system'
  sim_set hosts.undercloud.disks.+ '{"source": "nas:/tape", "fstype": "nfs4", "size": 1000000000000, "used": 0, "target": "/mnt/tape"}'
  run sim_run "$SECTION"
  expect 0 'is intact'
  sums_are_right "$(sim_file undercloud /mnt/tape)/lab-1/CHG0000001"/undercloud-*
  BACKUPS=/home/stack/backups
  # here the folder lies inside of what is archived: the guide's way would put every older backup into the next
  tar -tf "$(archive)" | grep -q home/stack/
  refute grep 'home/stack/backups' <(tar -tf "$(archive)")
}
