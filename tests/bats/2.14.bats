#!/usr/bin/env bats
# 2.14  Readiness: exit 0 only when chapter 3 may begin

load helpers
load checks
load stand_ins

SCRIPT=./2.14-readiness.sh

setup_file() {
  local bundle
  bundle=$(bundle_of_stand_ins 'backup: {copy_to: /mnt/safe}' 'waive: {2.12/8: "disks arrive on Monday"}')
  stand_in 2.15 >"$bundle/2.15-later.sh"
  sum_up "$bundle"
  export WORLD=$BATS_FILE_TMPDIR/ready
  sim_up "$bundle"
  approve
  make_backups
  verdicts pass
}
setup() { from ready; }
teardown_file() { down_all; }

@test "a site that is ready: exit 0, the waiver named, backups with their checksums, every section asked without the age of its backup" {
  sim_mark
  run sim_run "$SCRIPT"
  expect 0 '2.01  done' '2.12  done' 'waived by the spec: 2.12/8: disks arrive on Monday' 'copies are at /mnt/safe'
  grep -q "$(printf 'piece\n' | sha256sum | cut -d ' ' -f 1)  undercloud.tar" <<<"$output"
  [ "$(sim_run cat /home/stack/asked-2.01)" = yes ]
  [ -z "$(sim_changed)" ]
}

@test "a section that is not done" {
  set_status 2.07 1
  check 2.14/1
  expect 1 '2.07 is open: 2.07/1'
}

@test "a section that comes after this one is not asked" {
  set_status 2.15 1
  check 2.14/1
  expect 0 '2.12  done'
  says_nothing_of '2.15'
}

@test "a section that cannot tell is not done" {
  set_status 2.07 3
  check 2.14/1
  expect 1 'the state of 2.07 is unknown: nobody answers'
}

@test "who ran it, when and under which bundle" {
  journalled ito 2.04 - end 'exit 0'
  check 2.14/1
  expect 0 '2.04  done, last run 2018-11-22T20:00:00Z by ito, bundle 0123456789ab, exit 0'
}

@test "a validation that failed, one that never ran, one from before the last change" {
  verdicts fail
  check 2.14/1
  expect 1 '2.12 is open: 2.12/1 failed: as it is'
  verdicts pass 2018-11-22T19:00:00Z
  journalled ito 2.09 2.09/3 done -
  check 2.14/1
  expect 1 '2.11 is open: 2.11/1 passed at 2018-11-22T19:00:00Z, before the last change'
  says_nothing_of '2.00 is open'
  sim_run rm "$STATE_FOLDER/evidence/2.11-3.tsv"
  check 2.14/2
  expect 1 '2.11/3 has not been run'
}

@test "a validation of yesterday, and one of the future" {
  # by half an hour
  verdicts pass 2018-11-21T21:30:00Z
  check 2.14/2
  expect 1 'must be less than 24 h old'
  verdicts pass 2018-11-23T10:00:00Z
  check 2.14/2
  expect 1 'must be less than 24 h old'
}

@test "attestations, forced gates and what changes have warned of are listed, and do not fail" {
  sim_run ./runbook attest 2.05/1 'loaded by the image pipeline'
  journalled ito 2.04 2.04/2 gate-forced 'window closes (section 2.01 is not done)'
  journalled ito 2.09 2.09/13 warned 'an instance is SHUTOFF'
  check 2.14/3
  expect 0 'attested: 2.05/1 by stack' 'loaded by the image pipeline' 'a gate was forced: 2.04/2 by ito' 'window closes' \
    '2.09/13 has warned at' 'an instance is SHUTOFF'
}

@test "a backup whose bytes have changed, and one that is gone" {
  echo other >"$(sim_file undercloud /var/backup/osp/CHG0000002/undercloud-2018-11-22-200000/undercloud.tar)"
  check 2.14/4
  expect 1 'some files are missing or do not match their checksums'
  : >"$(sim_file undercloud /var/backup/osp/CHG0000002/undercloud-2018-11-22-200000/SHA256SUMS)"
  check 2.14/4
  expect 1 'some files are missing or do not match their checksums'
  rm -r "$(sim_file undercloud /var/backup/osp/CHG0000002)"/control_plane-*
  check 2.14/4
  expect 1 'there is no backup of the control plane'
}

@test "flags and services that are still turned, and a node that has not been seen back" {
  local at
  check 2.14/5
  expect 0 'nothing disabled, flagged or rebooting'
  sim_set ceph.config_keys '{"osp-runbook/CHG0000002/noout": "x"}'
  at=$(index_of nova.overcloud.services host overcloud-compute-1.localdomain)
  sim_set "nova.overcloud.services.$at.enabled" false
  sim_set "nova.overcloud.services.$at.reason" '"CHG0000002: rebooted in the update"'
  sim_run bash -c "echo boot >$STATE_FOLDER/rebooting-overcloud-compute-0"
  check 2.14/5
  expect 1 'noout' 'overcloud-compute-1.localdomain' 'overcloud-compute-0 is rebooting'
}

@test "the bash that RUNBOOK_BASH names runs the scripts of these suites" {
  local bash="$BATS_TEST_TMPDIR/another-bash"
  cp "$(type -P bash)" "$bash"
  # (what follows a program in its file is not looked at)
  printf 'another' >>"$bash"
  sim_down
  WORLD=$BATS_TEST_TMPDIR/other RUNBOOK_BASH=$bash sim_up "$(dirname "$(find "$BATS_FILE_TMPDIR" -maxdepth 4 -name manifest.json -print -quit)")"
  WORLD=$BATS_TEST_TMPDIR/other
  run sim_run "$SCRIPT" --list
  expect 0 '2.14/1'
  [ "$(sim_run env bash -c 'tail --bytes=7 "/proc/$$/exe"; :')" = another ]
  [ "$(sim_on overcloud-controller-0 bash -c 'tail --bytes=7 "/proc/$$/exe"; :')" = another ]
}
