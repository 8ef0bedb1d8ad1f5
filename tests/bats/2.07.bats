#!/usr/bin/env bats
# 2.07  Rebooting controllers and composable nodes

load helpers
load reboots

SECTION=./2.07-reboot-controllers-and-composable.sh

setup_file() {
  base fresh 'roles: {Networker: {}}' 'nodes:' \
    '- {name: ctl-0, role: Controller, address: 192.0.2.10}' \
    '- {name: ctl-1, role: Controller, address: 192.0.2.11}' \
    '- {name: ctl-2, role: Controller, address: 192.0.2.12}' \
    '- {name: net-0, role: Networker, address: 192.0.2.20}' \
    '- {name: cmp-0, role: Compute, address: 192.0.2.40}'
  due ctl-0 net-0
  keep done
  WORLD=$BATS_FILE_TMPDIR/done section >"$BATS_FILE_TMPDIR/done.output" 2>&1 || cat "$BATS_FILE_TMPDIR/done.output"
}
teardown_file() { down_all; }

agents() { simulator get "$WORLD" neutron.overcloud.agents; }

@test "a fresh run: what is due is rebooted once, the rest and the computes are left alone" {
  from done
  cat "$BATS_FILE_TMPDIR/done.output"
  grep -q 'exit 0$' "$BATS_FILE_TMPDIR/done.output"
  [ "$(boots ctl-0)$(boots ctl-1)$(boots net-0)$(boots cmp-0)" = 1010 ]
}

@test "a second run changes nothing, with the journal and without it" {
  from done
  changes_nothing section
  expect 0 'no reboot is needed'
  lose_journal
  changes_nothing section
  expect 0 'no reboot is needed'
}

@test "a controller out of the cluster refuses" {
  from fresh
  sim_set pacemaker.nodes.ctl-2.online false
  changes_nothing section --node ctl-0
  expect 3 'ctl-2'
}

@test "galera that is not synced refuses" {
  from fresh
  sim_set galera.nodes.ctl-1.synced false
  changes_nothing section --node ctl-0
  expect 3 'galera is not synced on ctl-1'
}

@test "rabbit that is ill refuses" {
  from fresh
  sim_set rabbit.nodes.ctl-1.healthy false
  changes_nothing section --node ctl-0
  expect 3 'rabbitmq on ctl-1'
}

@test "an agent of another node that is down refuses" {
  from fresh
  simulator run "$WORLD" --host ctl-1 --user root -- systemctl stop neutron-l3-agent
  simulator advance "$WORLD" 300
  changes_nothing section --node ctl-0
  expect 3 'on ctl-1.localdomain is'
}

@test "a router whose other agents are dead would be left without one, and refuses" {
  from fresh
  sim_set neutron.overcloud.routers '[{"id": "r-1", "name": "r-1", "ha": true, "agents": {"ctl-0.localdomain": "active"}}]'
  run section --step 2.07/2 --node ctl-0 --dry-run
  expect 0 'would run'
  sim_set neutron.overcloud.routers '[{"id": "r-1", "name": "r-1", "ha": true, "agents": {"ctl-0.localdomain": "standby", "ctl-1.localdomain": "standby"}}]'
  changes_nothing section --node ctl-0
  expect 3 'router r-1 is not active on any living L3 agent'
}

@test "nova that does not answer is no answer" {
  from fresh
  sim_fault '^openstack compute service list' 'exit 1 Service Unavailable (HTTP 503)'
  changes_nothing section --node ctl-0
  expect 3 'cannot check whether this step may run'
}

@test "a node that does not come back stops the section with its power state and its console" {
  from fresh
  sim_set hosts.ctl-0.returns false
  run section
  expect 1 'did not come back' 'power state (ironic)' 'console show'
  [ "$(boots net-0)" = 0 ]
  simulator fire "$WORLD" host_up '{"host": "ctl-0"}'
  run section --node ctl-0
  expect 0
  [ "$(boots ctl-0)" = 1 ]
}

@test "a service that ran before the reboot and does not after it fails, and is not forgotten" {
  from fresh
  sim_set hosts.net-0.broken_units '["crond.service"]'
  run section --node net-0
  expect 1 'crond.service'
  changes_nothing sim_run "$SECTION" --status
  grep -q '^2.07/4b  *no  .*net-0' <<<"$output"
}

@test "a service of an init script is put on record where chkconfig starts it" {
  from fresh
  sim_set hosts.net-0.units '{"rhnsd.service": {"active": "active", "sub": "running", "enabled": "bad", "chkconfig": "enabled", "loaded": true}, "by-hand.service": {"active": "active", "sub": "running", "enabled": "bad", "chkconfig": "disabled", "loaded": true}}'
  sim_set hosts.net-0.broken_units '["rhnsd.service", "by-hand.service"]'
  run section --node net-0
  expect 1 'rhnsd.service has failed' 'rhnsd.service is not running'
  refute 'by-hand.service is not running'
}

@test "a unit that had failed before us is not ours to judge" {
  from fresh
  sim_set hosts.net-0.units '{"openvswitch.service": {"active": "active", "sub": "running", "enabled": "enabled", "loaded": true}, "kdump.service": {"active": "failed", "sub": "failed", "enabled": "enabled", "loaded": true}}'
  sim_set hosts.net-0.broken_units '["kdump.service"]'
  run section --node net-0
  expect 0
}

@test "an attestation is of one node for which the step runs, and of no other" {
  from fresh
  local attested=/home/stack/osp-runbook/lab-1/CHG0000001/attested.tsv
  run sim_run ./runbook attest 2.07/2 --node nosuch because
  expect 2 '2.07/2 does not run for a node nosuch'
  run sim_run ./runbook attest 2.07/2 --node cmp-0 because
  expect 2 '2.07/2 does not run for a node cmp-0'
  run sim_run ./runbook attest 2.06/1 --node ctl-0 because
  expect 2 '2.06/1 does not run for a node'
  run sim_run ./runbook attest 2.07/2 --node
  expect 2 'node requires the name of a node'
  run sim_run ./runbook attest 2.07/2 --node ctl-0
  expect 2 'requires a step and a reason'
  for words in 'because --node ctl-0' '--node=ctl-0 because' '--node ctl-0 because --node net-0' 'because --node'; do
    # (several words of a command line)
    # shellcheck disable=SC2086
    run sim_run ./runbook attest 2.07/2 $words
    expect 2 'before the reason'
  done
  [ ! -e "$(sim_file undercloud $attested)" ]
  run sim_run ./runbook attest 2.07/2 --node ctl-0 pinned kernel
  expect 0 'attested: 2.07/2' ctl-0
  run sim_run ./runbook attest 2.07/2 --node net-0 pinned kernel
  expect 0
  [ "$(cut -f 3- "$(sim_file undercloud $attested)")" = "$(printf '2.07/2\tpinned kernel\t%s\n' ctl-0 net-0)" ]
  run sim_run ./runbook unattest 2.07/2 --node ctl-1
  expect 3 '2.07/2 ctl-1 is not attested'
  run sim_run ./runbook unattest 2.07/2 --node
  expect 2 'node requires the name of a node'
  run sim_run ./runbook unattest 2.07/2 --node ctl-0
  expect 0 'no longer attested: 2.07/2 ctl-0'
  run sim_run ./runbook unattest 2.07/2
  expect 0
  [ ! -e "$(sim_file undercloud $attested)" ]
}
