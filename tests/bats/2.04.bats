#!/usr/bin/env bats
# 2.04  The undercloud's packages

load helpers
load backups

SECTION=./2.04-update-undercloud.sh

setup_file() {
  base fresh 'backup: {copy_to: "backup@192.0.2.250:/srv/osp"}'
  WORLD=$BATS_FILE_TMPDIR/fresh
  sim_run ./2.01-back-up-undercloud.sh >"$BATS_FILE_TMPDIR/2.01.output" 2>&1
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/updated"
  # the reboot takes the session down with it; the next one has to wait for the boot
  WORLD=$BATS_FILE_TMPDIR/updated
  sim_run "$SECTION" --yes >"$BATS_FILE_TMPDIR/updated.output" 2>&1 || :
  sim_run true
}

teardown_file() { down_all; }

unit_state() { sim_get "hosts.undercloud.units" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]]["active"])' "$1"; }
# rebooted: the session is gone with the old boot, and the operator has logged in again.
rebooted() {
  sim_run true
  [ "$(sim_get hosts.undercloud.kernel.running)" = "$(sim_get hosts.undercloud.kernel.default)" ]
}

@test "a fresh run stops, updates, starts again and reboots; the same command then finds all done" {
  from updated
  run cat "$BATS_FILE_TMPDIR/updated.output"
  printf '%s\n' "$output"
  told_well
  grep -q 'services stopped, on record' "$BATS_FILE_TMPDIR/updated.output"
  grep -q 'the undercloud is going down: kernel' "$BATS_FILE_TMPDIR/updated.output"
  grep -q 'when it is back, log in as stack and continue' "$BATS_FILE_TMPDIR/updated.output"
  refute grep -q 'half done' "$BATS_FILE_TMPDIR/updated.output"
  [ "$(unit_state openstack-heat-engine.service)" = active ]
  rebooted
  has_nothing_to_do sim_run "$SECTION"
}

@test "a dry run changes nothing and shows the guide's commands" {
  from fresh
  changes_nothing sim_run "$SECTION" --dry-run
  expect 0 "sudo systemctl stop 'openstack-\*' 'neutron-\*' httpd"
  grep -q 'openstack undercloud upgrade' <<<"$output"
}

@test "without this change's backup it refuses, or goes on with a reason" {
  from fresh
  sim_root rm -rf /var/backup/osp
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'section 2.01'
  run sim_run "$SECTION" --yes --force-gate 'backed up by the storage team'
  grep -q 'gate-forced.*backed up by the storage team' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"
}

@test "a backup that has become too old is done for the order of sections, and too old for this one" {
  from fresh
  simulator advance "$WORLD" $((25 * 3600))
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'the limit is 24 h'
  refute grep 'section 2.01 is not done' <<<"$output"
  # what an operator's shell exports does not allow it to continue
  changes_nothing sim_run env OSP_READINESS=yes "$SECTION" --yes
  expect 3 'the limit is 24 h'
}

@test "while heat works on a stack it refuses" {
  from fresh
  sim_set heat.undercloud.stacks.0.status '"UPDATE_IN_PROGRESS"'
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'heat is busy: overcloud UPDATE_IN_PROGRESS'
}

@test "while ironic deploys a node it refuses" {
  from fresh
  sim_set ironic.undercloud.nodes.0.provision_state '"wait call-back"'
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'wait-call-back'
}

@test "heat that does not answer is no permission" {
  from fresh
  sim_fault 'openstack stack list' 'exit 1 Unable to establish connection'
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'cannot check whether this step may run'
}

@test "repositories that do not answer are neither up to date nor not" {
  from fresh
  sim_set hosts.undercloud.repositories false
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'yum cannot tell'
}

@test "when yum fails, what was stopped is started again" {
  from fresh
  sim_fault 'yum update -y python-tripleoclient' 'exit 1 Error: Package conflict'
  run sim_run "$SECTION" --yes
  expect 1 'Package conflict'
  [ "$(unit_state openstack-heat-engine.service)" = active ]
  [ "$(unit_state httpd.service)" = active ]
  sim_set faults '[]'
  run sim_run "$SECTION" --yes
  rebooted
}

@test "an upgrade that ended badly is done again though every package is new" {
  from fresh
  sim_fault 'openstack undercloud upgrade' 'after 1 Command puppet apply returned non-zero exit status 6' 1
  run sim_run "$SECTION" --yes
  expect 1
  [ "$(unit_state openstack-heat-engine.service)" = active ]
  rm "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"
  run sim_run "$SECTION" --dry-run
  expect 0 'did not complete'
}

@test "an upgrade that says it is complete and updated nothing is caught" {
  from fresh
  sim_fault '^openstack undercloud upgrade' 'exit 0 '
  run sim_run "$SECTION" --yes
  expect 1 'updates are on offer'
}

@test "a run cut off with the services stopped goes on by itself" {
  from fresh
  sim_fault 'yum update -y python-tripleoclient' kill 1
  run sim_run "$SECTION" --yes
  [ "$(unit_state openstack-heat-engine.service)" = inactive ]
  run sim_run "$SECTION" --yes
  rebooted
  [ "$(unit_state openstack-heat-engine.service)" = active ]
}

@test "a boot that does not bring the new kernel is not asked for twice" {
  from updated
  sim_set hosts.undercloud.kernel.running '"3.10.0-693.21.1.el7.x86_64"'
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'rebooted in this change'
}
