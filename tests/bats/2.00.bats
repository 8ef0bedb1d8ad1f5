#!/usr/bin/env bats
# 2.00  Preflight: everything wrong at once, nothing changed

load helpers
load checks

SCRIPT=./2.00-preflight.sh

setup_file() { base fresh; }
setup() { from fresh; }
teardown_file() { down_all; }

@test "a healthy site passes every check, and nothing is changed" {
  sim_mark
  run simulator run "$WORLD" --env TMUX=/tmp/tmux-1000/default,1,0 -- "$SCRIPT"
  expect 0 '[20/20]' 'exit 0'
  says_nothing_of 'fail  '
  says_nothing_of 'warn  '
  [ -z "$(sim_changed)" ]
  [ "$(ls "$(sim_file undercloud $STATE_FOLDER/evidence)" | wc -l)" -eq 21 ]
}

@test "a dry run asks nothing of the site" {
  run sim_run "$SCRIPT" --dry-run
  expect 0 'would check'
  if grep -q '"tool": "openstack"' "$WORLD/calls.jsonl"; then return 1; fi
}

@test "a node that is down is told, and everything else is checked all the same" {
  sim_set hosts.overcloud-compute-1.up false
  run sim_run "$SCRIPT"
  expect 1 'overcloud-compute-1 does not answer' '[20/20]' 'are exactly the 6 nodes of the spec'
  says_nothing_of 'overcloud-compute-0 does not answer'
}

@test "a host key that nobody knows is refused, with the way to trust it" {
  rm "$(sim_file undercloud /home/stack/.ssh/known_hosts)"
  check 2.00/1
  expect 1 'overcloud-controller-0 does not answer' './runbook trust'
}

@test "a machine with another name at a node's address is told" {
  sim_set hosts.overcloud-compute-0.fqdn '"somebody-else.localdomain"'
  check 2.00/1
  expect 1 'reports its name as somebody-else'
}

@test "a release that is not ours is told" {
  echo 'Red Hat OpenStack Platform release 13.0.1 (Queens)' >"$(sim_file overcloud-compute-0 /etc/rhosp-release)"
  check 2.00/2
  expect 1 'overcloud-compute-0 runs another release'
}

@test "a node too many and a node too few are both told" {
  local at
  at=$(index_of nova.undercloud.servers name overcloud-compute-1)
  sim_set "nova.undercloud.servers.$at.name" '"overcloud-compute-7"'
  check 2.00/3
  expect 1 'overcloud-compute-1 (192.0.2.31) is in the spec and not' 'overcloud-compute-7 (ctlplane=192.0.2.31) is in the undercloud'
}

@test "a wrong name lists no instance and exits 0; the check finds it" {
  local at
  at=$(index_of nova.overcloud.services host overcloud-compute-1.localdomain)
  sim_set "nova.overcloud.services.$at.host" '"compute-1.example.com"'
  run sim_run bash -c '. ~/overcloudrc; openstack server list --host overcloud-compute-1 --all-projects -f value'
  [ "$status" -eq 0 ]
  [ -z "$output" ]
  check 2.00/4
  expect 1 'nova has 0 computes that could be overcloud-compute-1'
}

@test "a missing environment file is told" {
  rm "$(sim_file undercloud /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml)"
  check 2.00/5
  expect 1 'an environment file cannot be read'
}

@test "a stack in progress, and a node that deploys" {
  sim_set heat.undercloud.stacks.0.status '"UPDATE_IN_PROGRESS"'
  sim_set ironic.undercloud.nodes.0.provision_state '"deploying"'
  check 2.00/6
  expect 1 'is UPDATE_IN_PROGRESS' 'is deploying'
}

@test "a stack that has failed" {
  sim_set heat.undercloud.stacks.0.status '"UPDATE_FAILED"'
  check 2.00/6
  expect 1 'the stack overcloud is UPDATE_FAILED'
}

@test "heat that does not answer is no calm" {
  sim_fault 'openstack stack list' 'exit 1 Unable to establish connection'
  check 2.00/6
  expect 1 'cannot list heat stacks'
}

@test "no room for the backups" {
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 9 - 2 * 10 ** 9))
  check 2.00/7
  expect 1 'has 2.0 GB free, but 4.0 GB are needed'
}

@test "a clock that nobody sets" {
  sim_set hosts.overcloud-controller-1.ntp.synced false
  check 2.00/9
  expect 1 'overcloud-controller-1: the clock is not synchronised'
}

@test "repositories that are frozen at the old versions" {
  sim_set hosts.overcloud-compute-0.offers.openvswitch '"2.6.1-16.git20161206.el7ost"'
  check 2.00/10
  expect 1 'overcloud-compute-0: the repositories do not offer enough: openvswitch'
  says_nothing_of 'overcloud-compute-1:'
}

@test "repositories that cannot be reached are no empty offer" {
  sim_set hosts.overcloud-cephstorage-0.repositories false
  check 2.00/10
  expect 1 'overcloud-cephstorage-0 does not answer'
}

@test "instances that cannot move live are listed" {
  sim_set nova.overcloud.servers.0.status '"SHUTOFF"'
  sim_set nova.overcloud.servers.1.pinned true
  check 2.00/11
  expect 0 'is SHUTOFF and cannot move live' 'has pinned CPUs'
}

@test "who else is logged in" {
  sim_set hosts.overcloud-controller-0.users '[{"user": "mallory", "tty": "pts/0", "from": "198.51.100.7", "at": 1542920000}]'
  check 2.00/12
  expect 0 'overcloud-controller-0: logged in: mallory'
}

@test "Ceph: what is amber is named with the line of the spec that accepts it, what is harm is not" {
  sim_set ceph.warnings '["too many PGs per OSD (352 > max 300)"]'
  sim_set ceph.stuck '{"active+undersized+degraded": 1}'
  check 2.00/13a
  expect 1 'TOO_MANY_PGS: too many PGs per OSD (352 > max 300)' 'accept: {ceph: [{check: TOO_MANY_PGS, reason: "WHY"}]}' \
    'PG_DEGRADED: 1 pgs undersized' 'sudo ceph health detail'
  says_nothing_of '{check: PG_DEGRADED'
}

@test "Ceph: the flags that 2.08 turns have a check of their own" {
  sim_set ceph.flags '["sortbitwise", "noout"]'
  check 2.00/13a
  expect 0 'ceph reports nothing that is not OK'
}

@test "a Ceph flag that others have set" {
  sim_set ceph.flags '["sortbitwise", "noout"]'
  check 2.00/13
  expect 1 'noout is already set, and not by this change'
}

@test "a compute that its owner has disabled is told with the reason" {
  local at
  at=$(index_of nova.overcloud.services host overcloud-compute-1.localdomain)
  sim_set "nova.overcloud.services.$at.enabled" false
  sim_set "nova.overcloud.services.$at.reason" '"broken fan, Ito"'
  check 2.00/14
  expect 0 'broken fan, Ito'
}

@test "a cluster in maintenance mode" {
  sim_set pacemaker.properties.maintenance-mode '"true"'
  check 2.00/15
  expect 1 'the cluster is in maintenance mode'
}
