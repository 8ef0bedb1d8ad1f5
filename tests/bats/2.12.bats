#!/usr/bin/env bats
# 2.12  The overcloud

load helpers
load checks

SCRIPT=./2.12-validate-overcloud.sh

setup_file() {
  base fresh
  base lenient 'waive: {2.12/2: "the spare power supply is on order, INC0000077"}'
  base hasty 'timeouts: {settle: 20}'
}
teardown_file() { down_all; }

@test "a healthy overcloud passes every check, twice, and nothing is changed" {
  from fresh
  sim_mark
  run sim_run "$SCRIPT"
  expect 0 '[19/19]' 'exit 0'
  says_nothing_of 'fail  '
  says_nothing_of 'warn  '
  [ -z "$(sim_changed)" ]
}

@test "bare metal: a spare is off by design, a node that carries an instance is not" {
  from fresh
  sim_set ironic.undercloud.nodes.0.power_state '"power off"'
  sim_set ironic.undercloud.nodes.1.maintenance true
  check 2.12/2
  expect 1 'its power state is power off' 'it is in maintenance'
  says_nothing_of 'spare'
}

@test "a waived failure carries its reason and does not fail the section" {
  from lenient
  sim_set ironic.undercloud.nodes.0.power_state '"power off"'
  check 2.12/2
  expect 0 'its power state is power off' 'waived: the spare power supply is on order, INC0000077'
}

@test "failed units on a node, and a node that cannot be asked; the others are judged" {
  from fresh
  sim_set hosts.overcloud-compute-0.units "$(sim_get hosts.overcloud-compute-0.units | python3 -c 'import json, sys
units = json.load(sys.stdin)
units["openstack-nova-compute.service"] |= {"active": "failed", "sub": "failed"}
print(json.dumps(units))')"
  sim_set hosts.overcloud-controller-2.up false
  check 2.12/3
  expect 1 'overcloud-compute-0: failed: openstack-nova-compute.service' 'overcloud-controller-2 does not answer'
}

@test "haproxy: one redis up and the others down is right, none or two is not" {
  from fresh
  check 2.12/4
  expect 0 'every service behind haproxy is up'
  sim_set haproxy.services.redis '{"overcloud-controller-0": "UP", "overcloud-controller-1": "UP", "overcloud-controller-2": "DOWN"}'
  check 2.12/4
  expect 1 'redis: 2 of its servers answer as master'
}

@test "haproxy: a service that is down on one node" {
  from fresh
  sim_set haproxy.services.keystone_public.overcloud-controller-1 '"DOWN"'
  check 2.12/4
  expect 1 'keystone_public on overcloud-controller-1 is DOWN'
}

@test "haproxy: the password stands in no argument, log or screen" {
  from fresh
  local password
  password=$(sim_get haproxy.password)
  check 2.12/4
  says_nothing_of "$password"
  if grep -F -e "$password" "$WORLD/calls.jsonl"; then return 1; fi
  if grep -r -F -e "$password" "$(sim_file undercloud $STATE_FOLDER)"; then return 1; fi
}

@test "galera and rabbit: each controller is named that is not well" {
  from fresh
  sim_set galera.nodes.overcloud-controller-1.synced false
  sim_set rabbit.nodes.overcloud-controller-2.healthy false
  check 2.12/5
  expect 1 'galera is not synced on overcloud-controller-1'
  check 2.12/6
  expect 1 'rabbitmq on overcloud-controller-2 fails its health check'
}

@test "pacemaker: a node offline" {
  from fresh
  sim_set pacemaker.nodes.overcloud-controller-1.online false
  check 2.12/7
  expect 1 'overcloud-controller-1 is offline'
}

@test "pacemaker: what was stopped on purpose is no trouble, though 1.1.15 does not print that" {
  from fresh
  sim_set pacemaker.properties.dc-version '"1.1.15-11.el7_3.5-e174ec8"'
  sim_run ssh heat-admin@192.0.2.11 sudo pcs resource disable openstack-cinder-volume
  check 2.12/7
  expect 0 'no resource is stopped, no action failed'
}

@test "disks of every node" {
  from fresh
  sim_set hosts.overcloud-compute-1.disks.0.used $((500 * 10 ** 7 * 95))
  check 2.12/8
  expect 1 'overcloud-compute-1: / is'
}

@test "ceph: one placement group of a thousand is enough to fail" {
  from fresh
  sim_set ceph.stuck '{"active+undersized+degraded": 1}'
  check 2.12/9c
  expect 1 '1023 of 1024 placement groups are active+clean'
}

@test "ceph: quorum, OSDs, placement groups and health are judged apart" {
  from fresh
  sim_set ceph.stuck '{"active+undersized+degraded": 1}'
  sim_set ceph.mons.overcloud-controller-1.up false
  check 2.12/9
  expect 0 'apart from quorum, OSDs and placement groups, which the next checks judge'
  check 2.12/9a
  expect 1 '2 of 3 Ceph monitors are in the quorum'
  check 2.12/9b
  expect 0 'every OSD is up'
}

@test "what time cannot cure is not waited for, though something beside it could settle" {
  from fresh
  sim_set neutron.overcloud.agents.0.alive false
  sim_set neutron.overcloud.agents.1.admin_up false
  check 2.12/13
  expect 1 'is not alive' 'is set DOWN'
  says_nothing_of 'waiting for'
  says_nothing_of 'still so after'
}

@test "what settles is waited for no longer than the spec says" {
  from hasty
  sim_set hosts.overcloud-cephstorage-0.ntp.synced false
  check 2.12/11
  expect 1 'overcloud-cephstorage-0: the clock is not synchronised' 'still so after 20 s'
}

@test "a machine whose power state ironic does not know yet is waited for; one that is off is not" {
  from hasty
  sim_set ironic.undercloud.nodes.0.power_state null
  check 2.12/2
  expect 1 'its power state is not known, still so after 2'
  sim_set ironic.undercloud.nodes.1.power_state '"power off"'
  check 2.12/2
  expect 1 'its power state is power off'
  says_nothing_of 'still so after'
}

@test "ceph: how full it is" {
  from fresh
  sim_set ceph.used $((6 * 10 ** 12 * 80 / 100))
  check 2.12/10
  expect 0 'warn  ceph is 80 % full'
  sim_set ceph.used $((6 * 10 ** 12 * 90 / 100))
  check 2.12/10
  expect 1 'ceph is 90 % full'
}

@test "the clock of one node" {
  from fresh
  sim_set hosts.overcloud-cephstorage-0.ntp.synced false
  check 2.12/11
  expect 1 'overcloud-cephstorage-0: the clock is not synchronised'
}

@test "a compute its owner disabled is a warning with the reason; one of ours is a failure" {
  from fresh
  local at
  at=$(index_of nova.overcloud.services host overcloud-compute-1.localdomain)
  sim_set "nova.overcloud.services.$at.enabled" false
  sim_set "nova.overcloud.services.$at.reason" '"broken fan, Ito"'
  check 2.12/14
  expect 0 'broken fan, Ito'
  sim_set "nova.overcloud.services.$at.reason" '"CHG0000002: rebooted in the update"'
  check 2.12/14
  expect 1 'still disabled by this change'
  # a change whose number begins as ours
  sim_set "nova.overcloud.services.$at.reason" '"CHG00000021: broken fan"'
  check 2.12/14
  expect 0 "its owner's reason: CHG00000021: broken fan"
}

@test "a compute that nova does not list at all" {
  from fresh
  local at
  at=$(index_of nova.overcloud.services host overcloud-compute-1.localdomain)
  sim_set "nova.overcloud.services.$at.host" '"elsewhere.localdomain"'
  check 2.12/14
  expect 1 'overcloud-compute-1: nova has no nova-compute of that name'
}

@test "a volume service that is down, and a dead agent" {
  from fresh
  sim_set cinder.overcloud.services.0.up false
  sim_set neutron.overcloud.agents.0.alive false
  check 2.12/15
  expect 1 'is down'
  check 2.12/13
  expect 1 'is not alive'
}

@test "an overcloudrc that is not there" {
  from fresh
  sim_run rm /home/stack/overcloudrc
  check 2.12/12
  expect 1 'overcloudrc cannot be read'
}

@test "the guide's own way to the nodes gives a word that is no address, once there are two networks" {
  from fresh
  sim_set nova.undercloud.servers.0.networks '{"ctlplane": ["192.0.2.10"], "storage": ["172.16.1.10"]}'
  run sim_run bash -c '. ~/stackrc; openstack server list -f value -c Networks | cut -d= -f2'
  grep -q ';' <<<"$output"
  check 2.12/3
  expect 0 'no unit has failed on any of the 6 nodes'
}

@test "haproxy: https where its statistics are behind TLS" {
  from fresh
  local host
  sim_set haproxy.tls true
  for host in overcloud-controller-0 overcloud-controller-1 overcloud-controller-2; do
    sed -i 's/ transparent$/ transparent ssl crt \/etc\/pki\/tls\/private\/overcloud_endpoint.pem/' "$(sim_file $host /etc/haproxy/haproxy.cfg)"
  done
  check 2.12/4
  expect 0 'every service behind haproxy is up'
  grep -q 'https://192.0.2.5:1993/;csv' "$WORLD/calls.jsonl"
}

@test "pacemaker: a stopped resource and a failed action; one that is stopped on purpose does not count" {
  from fresh
  local at
  at=$(index_of pacemaker.resources id openstack-cinder-volume)
  sim_set "pacemaker.resources.$at.disabled" true
  sim_set "pacemaker.resources.$at.state" '{}'
  check 2.12/7
  expect 0 'no resource is stopped'
  sim_set "pacemaker.resources.$at.disabled" false
  check 2.12/7
  expect 1 'openstack-cinder-volume is stopped'
  # an action that failed stays on the list until somebody removes it: it is not waited for
  sim_set "pacemaker.resources.$at.disabled" true
  sim_set pacemaker.failed '[{"resource": "rabbitmq", "node": "overcloud-controller-1", "operation": "start", "status": "unknown error", "text": "timed out"}]'
  check 2.12/7
  expect 1 'rabbitmq' ' ended with '
  says_nothing_of 'still so after'
}

@test "a second run without a journal says the same" {
  from fresh
  rm "$(sim_file undercloud $STATE_FOLDER/journal.tsv)"
  sim_mark
  run sim_run "$SCRIPT"
  expect 0
  [ -z "$(sim_changed)" ]
}
