#!/usr/bin/env bats
# 2.09  Rebooting the computes

load helpers
load reboots
load computes

SECTION=./2.09-reboot-computes.sh

setup_file() {
  policy fresh
  keep done
  WORLD=$BATS_FILE_TMPDIR/done section >"$BATS_FILE_TMPDIR/done.output" 2>&1 || cat "$BATS_FILE_TMPDIR/done.output"
}
teardown_file() { down_all; }

@test "a fresh run: emptied, rebooted once, enabled again; nodes that are not due are left alone" {
  from done
  cat "$BATS_FILE_TMPDIR/done.output"
  grep -q 'exit 0$' "$BATS_FILE_TMPDIR/done.output"
  [ "$(boots cmp-0)$(boots cmp-1)$(boots cmp-2)" = 100 ]
  is_enabled cmp-0
  [ "$(instance vm-0 status)" = ACTIVE ] && [ "$(instance vm-0 host)" != cmp-0.localdomain ]
}

@test "a second run changes nothing, with the journal and without it" {
  from done
  changes_nothing section
  expect 0
  lose_journal
  changes_nothing section --node cmp-0
  expect 0
}

@test "what somebody else has disabled is rebooted and stays disabled, with a warning" {
  from fresh
  simulator run "$WORLD" -- bash -c '. ~/overcloudrc; openstack compute service set --disable --disable-reason "broken DIMM" cmp-0.localdomain nova-compute'
  run section --node cmp-0
  expect 0 'broken DIMM'
  [ "$(boots cmp-0)" = 1 ]
  refute is_enabled cmp-0
}

@test "a migration that is rolled back: the client is content, we are not; nothing is rebooted and the node is enabled again" {
  from fresh
  sim_set nova.overcloud.servers.vm-0.on_live_migration '"rolls-back"'
  run section --node cmp-0
  expect 1 'still on cmp-0: vm-0 ACTIVE'
  [ "$(boots cmp-0)" = 0 ]
  is_enabled cmp-0
}

@test "an instance that ends in ERROR on its way stops the reboot" {
  from fresh
  sim_set nova.overcloud.servers.vm-0.on_live_migration '"ends-in-error"'
  run section --node cmp-0
  expect 1
  [ "$(boots cmp-0)" = 0 ]
}

@test "what was in ERROR before us and does not run is no hindrance" {
  from fresh
  sim_set nova.overcloud.servers.vm-0.status '"ERROR"'
  sim_set nova.overcloud.servers.vm-0.host '"cmp-1.localdomain"'
  run section --node cmp-0
  expect 0
  [ "$(boots cmp-0)" = 1 ]
}

@test "a domain that nova does not know: the empty list is not believed" {
  from fresh
  sim_set hosts.cmp-0.domains '["forgotten"]'
  run section --node cmp-0
  expect 1 'libvirt on cmp-0 still runs forgotten'
  [ "$(boots cmp-0)" = 0 ]
}

@test "a host whose name nova does not have is refused: the short name would list nothing and exit 0" {
  from fresh
  [ -z "$(sim_run bash -c '. ~/overcloudrc; openstack server list --host cmp-0 --all-projects -f value')" ]
  simulator get "$WORLD" nova.overcloud.services | sed 's/cmp-0\.localdomain/other.localdomain/' >"$BATS_TEST_TMPDIR/services"
  sim_set nova.overcloud.services "$(cat "$BATS_TEST_TMPDIR/services")"
  changes_nothing section --node cmp-0
  expect 3 'nova has 0 compute services named cmp-0'
}

@test "more than a page of instances are listed" {
  from fresh
  sim_set nova.overcloud.max_limit 1
  run section --node cmp-0
  expect 0
  [ "$(instance vm-0 host)" != cmp-0.localdomain ] && [ "$(instance vm-1 host)" != cmp-0.localdomain ]
}

@test "a shut-off instance under the policy fail stops the section" {
  from fresh
  sim_set nova.overcloud.servers.vm-0.status '"SHUTOFF"'
  run section --node cmp-0
  expect 1 'vm-0 SHUTOFF'
  [ "$(boots cmp-0)" = 0 ]
}

@test "nova that does not answer is no answer" {
  from fresh
  sim_fault '^openstack compute service list' 'exit 1 Service Unavailable (HTTP 503)'
  changes_nothing section --node cmp-0
  expect 3 'cannot tell'
}

@test "a node that does not come back stays disabled and says so; when it is back the same command goes on" {
  from fresh
  sim_set hosts.cmp-0.returns false
  run section --node cmp-0
  expect 1 'STAYS DISABLED'
  refute is_enabled cmp-0
  simulator fire "$WORLD" host_up '{"host": "cmp-0"}'
  run section --node cmp-0
  expect 0
  is_enabled cmp-0
  [ "$(boots cmp-0)" = 1 ]
}

@test "a dead Open vSwitch agent after the reboot: the node stays disabled" {
  from fresh
  sim_set hosts.cmp-0.broken_units '["neutron-openvswitch-agent.service"]'
  run section --node cmp-0
  expect 1 'STAYS DISABLED' 'not alive'
  refute is_enabled cmp-0
}
