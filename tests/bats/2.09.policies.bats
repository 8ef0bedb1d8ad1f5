#!/usr/bin/env bats
# 2.09  Rebooting the computes under the other policies, and computes with OSDs

load helpers
load reboots
load computes

SECTION=./2.09-reboot-computes.sh

setup_file() {
  policy cold 'compute_reboot: {stuck: cold}'
  policy stop 'compute_reboot: {stuck: stop}'
  policy leave 'compute_reboot: {migrate: evacuate, stuck: leave}'
  policy target 'compute_reboot: {migrate: target, batch: 2, targets: {cmp-0: cmp-2, cmp-1: cmp-2, cmp-2: cmp-0}}'
  due cmp-1
  base hyperconverged "$(nodes | sed 's/role: Compute,/role: HyperConverged,/')" 'roles: {HyperConverged: {compute: true, ceph_osd: true}}'
  due cmp-0
}
teardown_file() { down_all; }

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
  sim_set nova.overcloud.servers.vm-0.on_live_migration '"refused"'
  run section --node cmp-0
  expect 0 'goes down with cmp-0'
  [ "$(calls_of '"host-evacuate-live"')" != 0 ]
  [ "$(instance vm-0 status)" = ACTIVE ] && [ "$(instance vm-0 host)" = cmp-0.localdomain ]
  [ "$(instance vm-1 status)" = ACTIVE ] && [ "$(instance vm-1 host)" != cmp-0.localdomain ]
  changes_nothing section --node cmp-0
  expect 0
}

@test "evacuate and leave: a pinned instance is not evacuated; its neighbours are moved one by one" {
  from leave
  sim_set nova.overcloud.servers.vm-0.kind '"pinned"'
  run section --node cmp-0
  expect 0 "not live-migrated.* $(instance vm-0 id)"
  [ "$(calls_of '"host-evacuate-live"')" = 0 ]
  [ "$(instance vm-0 host)" = cmp-0.localdomain ] && [ "$(instance vm-1 host)" != cmp-0.localdomain ]
}

@test "evacuate: where one compute's name is part of another's, nova would empty both, and nothing is begun" {
  from leave
  sim_set nova.overcloud.services.nova-compute@cmp-2.host '"big-cmp-0.localdomain"'
  changes_nothing section --node cmp-0
  expect 3 'would also empty big-cmp-0.localdomain' 'compute_reboot: {migrate: scheduler}'
}

@test "leave: what was paused or suspended is on record, and the operator is told what has become of it; what ran runs again" {
  from leave
  local name
  for name in vm-0 vm-1; do sim_set "nova.overcloud.servers.$name.kind" '"pinned"'; done
  sim_set nova.overcloud.servers.vm-2.host '"cmp-0.localdomain"'
  sim_set nova.overcloud.servers.vm-0.status '"PAUSED"'
  sim_set nova.overcloud.servers.vm-1.status '"SUSPENDED"'
  sim_set nova.overcloud.servers.vm-2.kind '"pinned"'
  run section --node cmp-0
  expect 0 "goes down with cmp-0: .*PAUSED.*memory is lost" "goes down with cmp-0: .*SUSPENDED.*memory is kept" \
    "was PAUSED, is SHUTOFF.*openstack server start $(instance vm-0 id)" "was SUSPENDED, is SUSPENDED.*openstack server resume $(instance vm-1 id)"
  [ "$(instance vm-0 status)" = SHUTOFF ] && [ "$(instance vm-1 status)" = SUSPENDED ] && [ "$(instance vm-2 status)" = ACTIVE ]
  [ "$(instance vm-2 host)" = cmp-0.localdomain ]
  changes_nothing section --node cmp-0
  expect 0
}

@test "leave: what was off before stays off, and what came to grief on its way stops the reboot" {
  from leave
  sim_set nova.overcloud.servers.vm-0.on_live_migration '"ends-in-error"'
  sim_set nova.overcloud.servers.vm-1.status '"SHUTOFF"'
  run section --node cmp-0
  expect 1 'went into ERROR during this change'
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
  [ "$(grep -v '"tool": "timeout"' "$WORLD/calls.jsonl" | grep --only-matching '"--disable"\|"tool": "reboot"' | tr --delete '\n')" = '"--disable""--disable""tool": "reboot""tool": "reboot"' ]
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
