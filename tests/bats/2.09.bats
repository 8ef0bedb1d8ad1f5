#!/usr/bin/env bats
# 2.09  Rebooting the computes

load helpers
load reboots

SECTION=./2.09-reboot-computes.sh

nodes() {
  printf '%s\n' 'nodes:' \
    '- {name: ctl-0, role: Controller, address: 192.0.2.10}' \
    '- {name: ctl-1, role: Controller, address: 192.0.2.11}' \
    '- {name: ctl-2, role: Controller, address: 192.0.2.12}' \
    '- {name: cmp-0, role: Compute, address: 192.0.2.40}' \
    '- {name: cmp-1, role: Compute, address: 192.0.2.41}' \
    '- {name: cmp-2, role: Compute, address: 192.0.2.42}'
}

# The world of a policy: cmp-0 alone is due, with the seed's two instances on it.
policy() {
  local name=$1
  shift
  base "$name" "$(nodes)" "$@"
  due cmp-0
}

setup_file() {
  policy fresh
  keep done
  WORLD=$BATS_FILE_TMPDIR/done section >"$BATS_FILE_TMPDIR/done.output" 2>&1 || cat "$BATS_FILE_TMPDIR/done.output"
  policy cold 'compute_reboot: {stuck: cold}'
  policy stop 'compute_reboot: {stuck: stop}'
  policy leave 'compute_reboot: {migrate: evacuate, stuck: leave}'
  policy target 'compute_reboot: {migrate: target, batch: 2, targets: {cmp-0: cmp-2, cmp-1: cmp-2, cmp-2: cmp-0}}'
  due cmp-1
  base hyperconverged "$(nodes | sed 's/role: Compute,/role: HyperConverged,/')" 'roles: {HyperConverged: {compute: true, ceph_osd: true}}'
  due cmp-0
}
teardown_file() { down_all; }

instance() { sim_get "nova.overcloud.servers.$1.$2" | tr -d '"'; }
service() { simulator get "$WORLD" nova.overcloud.services | grep -o "{[^}]*nova-compute[^}]*$1.localdomain[^}]*}"; }
is_enabled() { [[ $(service "$1") == *'"enabled": true'* || $(service "$1") != *'"enabled": false'* ]]; }

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
  expect 3 '0 compute services of nova are called cmp-0'
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

@test "cold: a pinned instance is migrated cold, confirmed, and nothing waits for ever" {
  from cold
  sim_set nova.overcloud.servers.vm-0.kind '"pinned"'
  run section --node cmp-0
  expect 0
  [ "$(instance vm-0 status)" = ACTIVE ] && [ "$(instance vm-0 host)" != cmp-0.localdomain ]
}

@test "cold: what an earlier run has moved and not confirmed is confirmed" {
  from cold
  sim_set nova.overcloud.servers.vm-0.kind '"pinned"'
  sim_fault 'server resize --confirm' 'exit 1 Gateway Timeout (HTTP 504)' 1
  run section --node cmp-0
  expect 1
  [ "$(instance vm-0 status)" = VERIFY_RESIZE ]
  run section --node cmp-0
  expect 0
  [ "$(instance vm-0 status)" = ACTIVE ]
}

@test "stop: a pinned instance is stopped, and runs again afterwards; one that was off stays off" {
  from stop
  sim_set nova.overcloud.servers.vm-0.kind '"pinned"'
  sim_set nova.overcloud.servers.vm-1.status '"SHUTOFF"'
  run section --node cmp-0
  expect 0
  [ "$(instance vm-0 status)" = ACTIVE ] && [ "$(instance vm-0 host)" = cmp-0.localdomain ]
  [ "$(instance vm-1 status)" = SHUTOFF ]
}

@test "evacuate and leave: what can move moves; what stays goes down with the node, is on record, and runs again" {
  from leave
  sim_set nova.overcloud.servers.vm-0.kind '"pinned"'
  run section --node cmp-0
  expect 0 'goes down with cmp-0'
  [ "$(calls_of '"host-evacuate-live"')" != 0 ]
  [ "$(instance vm-0 status)" = ACTIVE ] && [ "$(instance vm-0 host)" = cmp-0.localdomain ]
  [ "$(instance vm-1 status)" = ACTIVE ] && [ "$(instance vm-1 host)" != cmp-0.localdomain ]
  changes_nothing section --node cmp-0
  expect 0
}

@test "leave: what was off before stays off, and what came to grief on its way stops the reboot" {
  from leave
  sim_set nova.overcloud.servers.vm-0.on_live_migration '"ends-in-error"'
  sim_set nova.overcloud.servers.vm-1.status '"SHUTOFF"'
  run section --node cmp-0
  expect 1 'in ERROR since we came'
  [ "$(boots cmp-0)" = 0 ]
  [ "$(instance vm-1 status)" = SHUTOFF ]
  is_enabled cmp-0
}

@test "target, two at a time: both are closed before one is rebooted, and all instances go where the spec says" {
  from target
  run section
  expect 0
  [ "$(boots cmp-0)$(boots cmp-1)$(boots cmp-2)" = 110 ]
  local name
  for name in vm-0 vm-1 vm-2 vm-3; do [ "$(instance "$name" host)" = cmp-2.localdomain ]; done
  is_enabled cmp-0 && is_enabled cmp-1
  [ "$(grep --only-matching '"--disable"\|"tool": "reboot"' "$WORLD/calls.jsonl" | tr --delete '\n')" = '"--disable""--disable""tool": "reboot""tool": "reboot"' ]
}

@test "target: a target that takes no instances refuses" {
  from target
  simulator run "$WORLD" -- bash -c '. ~/overcloudrc; openstack compute service set --disable --disable-reason "broken DIMM" cmp-2.localdomain nova-compute'
  changes_nothing section --node cmp-0
  expect 3 'cmp-2 is disabled; the reason given: broken DIMM'
}

@test "a node with OSDs: the flags stand around its reboot alone, and are gone in the end" {
  from hyperconverged
  run section --node cmp-0
  expect 0
  [ "$(boots cmp-0)$(boots cmp-1)" = 10 ]
  [[ $(flags) != *noout* && $(flags) != *norebalance* && $(claims) == '{}' ]]
  is_enabled cmp-0
  [ "$(calls_of '"tool": "ceph", "argv": ."osd", "set", "noout".')" = 1 ]
  changes_nothing section --node cmp-0
  expect 0
}

@test "a node with OSDs that does not come back: noout stays, the node stays disabled; when it is back both are put right" {
  from hyperconverged
  sim_set hosts.cmp-0.returns false
  run section --node cmp-0
  expect 1 'noout STAYS SET' 'STAYS DISABLED'
  [[ $(flags) == *noout* && $(flags) != *norebalance* ]]
  refute is_enabled cmp-0
  simulator fire "$WORLD" host_up '{"host": "cmp-0"}'
  run section --node cmp-0
  expect 0
  [[ $(flags) != *noout* && $(claims) == '{}' ]]
  is_enabled cmp-0
  [ "$(boots cmp-0)" = 1 ]
}

@test "a flag of somebody else: the node with OSDs is not rebooted, takes instances again, and the flag is left alone" {
  from hyperconverged
  sim_set ceph.flags '["noout"]'
  run section --node cmp-0
  expect 3 'noout is already set, and not by this change' 'attest 2.09/8a'
  [ "$(boots cmp-0)" = 0 ]
  [[ $(flags) == *noout* && $(claims) == '{}' ]]
  is_enabled cmp-0
}
