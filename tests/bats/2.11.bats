#!/usr/bin/env bats
# 2.11  The undercloud

load helpers
load checks

SCRIPT=./2.11-validate-undercloud.sh

setup_file() { base fresh; }
setup() { from fresh; }
teardown_file() { down_all; }

@test "a healthy undercloud has one warning, deleted stacks, and nothing is changed" {
  sim_set heat.undercloud.deleted '[]'
  sim_mark
  run sim_run "$SCRIPT"
  expect 0 '[7/7]' 'exit 0'
  says_nothing_of 'fail  '
  [ -z "$(sim_changed)" ]
}

@test "credentials that open nothing, and all the checks behind them, are failures" {
  sim_run sed -i 's/^\(.*OS_PASSWORD=\).*/\1wrong/' /home/stack/stackrc
  run sim_run "$SCRIPT"
  expect 1 'failed checks: 2.11/1 2.11/5 2.11/6 2.11/7'
}

@test "a failed unit is found, though systemctl exits 0 either way; one of others is a warning" {
  local units
  units=$(sim_get hosts.undercloud.units | python3 -c 'import json, sys
units = json.load(sys.stdin)
for name in ("openstack-nova-api.service", "tuned.service"):
    units[name] |= {"active": "failed", "sub": "failed"}
print(json.dumps(units))')
  sim_set hosts.undercloud.units "$units"
  run sim_root systemctl list-units --state=failed 'openstack*'
  [ "$status" -eq 0 ]
  check 2.11/2
  expect 1 'fail  undercloud: failed: openstack-nova-api.service' 'warn  undercloud: failed, not a service of OpenStack: tuned.service'
}

@test "disks over the thresholds: a warning, then a failure; what is always full does not count" {
  sim_set hosts.undercloud.disks.+ '{"source": "/dev/sr0", "fstype": "iso9660", "size": 400000000, "used": 400000000, "target": "/mnt/config"}'
  check 2.11/3
  expect 0 'less than 80 % full'
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 7 * 80))
  check 2.11/3
  expect 0 'warn  undercloud: / is 80 % full'
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 7 * 95))
  check 2.11/3
  expect 1 'fail  undercloud: / is'
}

@test "the clock: not in sync, no daemon, and chronyd in ntpd's place" {
  sim_set hosts.undercloud.ntp.synced false
  check 2.11/4
  expect 1 'the clock is not synchronised'
  sim_set hosts.undercloud.ntp '{"synced": true, "offset": 0.0004, "daemon": null}'
  check 2.11/4
  expect 1 'undercloud'
  sim_set hosts.undercloud.ntp.daemon '"chronyd"'
  sim_set hosts.undercloud.units "$(sim_get hosts.undercloud.units | python3 -c 'import json, sys
units = json.load(sys.stdin)
units["chronyd.service"] = dict(units["sshd.service"])
print(json.dumps(units))')"
  check 2.11/4
  expect 0 'the clock is synchronised'
}

@test "a dead agent says UP all the same, and is found; so is one that is set DOWN" {
  sim_set neutron.undercloud.agents.0.alive false
  check 2.11/5
  expect 1 'is not alive'
  says_nothing_of 'is set DOWN'
  sim_set neutron.undercloud.agents.0.alive true
  sim_set neutron.undercloud.agents.0.admin_up false
  check 2.11/5
  expect 1 'is set DOWN'
}

@test "a compute service that is down" {
  sim_set nova.undercloud.services.0.up false
  check 2.11/6
  expect 1 'is down'
}

@test "an empty list is not believed" {
  sim_set neutron.undercloud.agents '[]'
  check 2.11/5
  expect 1 'the list of network agents is empty'
}

@test "a nova that does not answer is no answer" {
  sim_fault 'openstack compute service list' 'exit 1 Unable to establish connection'
  check 2.11/6
  expect 1 'cannot list compute services: Unable to establish connection'
}

@test "deleted stacks are counted, and how to purge them is told" {
  check 2.11/7
  expect 0 'heat still holds' 'heat-manage purge_deleted'
}
