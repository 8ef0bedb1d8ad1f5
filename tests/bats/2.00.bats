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
  expect 0 '[22/22]' 'exit 0'
  says_nothing_of 'fail  '
  says_nothing_of 'warn  '
  [ -z "$(sim_changed)" ]
  [ "$(ls "$(sim_file undercloud $STATE_FOLDER/evidence)" | wc -l)" -eq 23 ]
}

@test "a dry run asks nothing of the site" {
  run sim_run "$SCRIPT" --dry-run
  expect 0 'would check'
  if grep -q '"tool": "openstack"' "$WORLD/calls.jsonl"; then return 1; fi
}

@test "a node that is down is told, and everything else is checked all the same" {
  sim_set hosts.overcloud-compute-1.up false
  run sim_run "$SCRIPT"
  expect 1 'overcloud-compute-1 does not answer' '[22/22]' 'overcloud-compute-1.localdomain: nova-compute is down' 'nova knows each of the 2 computes by exactly one name'
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
  expect 1 'reports its name as somebody-else' '# UNRESOLVED address of overcloud-compute-0, instead of 192.0.2.30'
}

@test "a release that is not ours is told" {
  echo 'Red Hat OpenStack Platform release 13.0.1 (Queens)' >"$(sim_file overcloud-compute-0 /etc/rhosp-release)"
  check 2.00/2
  expect 1 'overcloud-compute-0 runs another release'
}

# lines_file: where the lines for site.yaml are kept.
lines_file() { sim_file undercloud "$STATE_FOLDER/site.yaml.lines"; }

# set_server NAME FIELD JSON: of a server on the undercloud.
set_server() { sim_set "nova.undercloud.servers.$(index_of nova.undercloud.servers name "$1").$2" "$3"; }

# taken_for ROLE NODE: heat has the node in a stack of that role's.
taken_for() { sim_set "heat.undercloud.stacks.0.nodes.$2.nested" "\"overcloud-$1-abcdefghij27-7-7zyxwvutsrqp\""; }

# to_paste: the lines of the file that do not begin with #.
to_paste() { grep -v -e '^#' -e '^$' "$(lines_file)" || :; }

@test "a node too many and a node too few are both told, each with its lines of site.yaml" {
  set_server overcloud-compute-1 name '"overcloud-compute-7"'
  check 2.00/3
  expect 1 'overcloud-compute-1 (192.0.2.31) is in the spec and not' 'overcloud-compute-7 (ctlplane=192.0.2.31) is in the undercloud' \
    "lines for site.yaml: $STATE_FOLDER/site.yaml.lines"
  diff - <(sed 1,2d "$(lines_file)") <<'LINES'

# == 2.00/3
# overcloud-compute-7 (ctlplane=192.0.2.31) is in the undercloud's list and not in the spec
# nodes: add
- {name: overcloud-compute-7, role: Compute, address: 192.0.2.31}
# overcloud-compute-1 (192.0.2.31) is in the spec and not in the undercloud's list
# nodes: take out
# - {name: overcloud-compute-1, role: Compute, address: 192.0.2.31}
# or, if this undercloud did not deploy it, put in its place
# - {name: overcloud-compute-1, role: Compute, address: 192.0.2.31, deployed_server: true}
LINES
  # and they follow their finding
  grep -A 3 "overcloud-compute-7 .* not in the spec" <<<"$output" | grep -q -x -F '              - {name: overcloud-compute-7, role: Compute, address: 192.0.2.31}'
}

@test "an address and a role that differ are one line to change" {
  set_server overcloud-compute-1 networks '{"ctlplane": ["192.0.2.47"]}'
  taken_for CephStorage overcloud-compute-1
  check 2.00/3
  expect 1 'overcloud-compute-1 has ctlplane=192.0.2.47, and the spec has 192.0.2.31' \
    'overcloud-compute-1 has the role CephStorage in the stack overcloud, and the spec has Compute' \
    '# nodes: instead of - {name: overcloud-compute-1, role: Compute, address: 192.0.2.31}'
  [ "$(to_paste)" = '- {name: overcloud-compute-1, role: CephStorage, address: 192.0.2.47}' ]
}

@test "a role alone that differs, and one that the spec does not know" {
  taken_for Networker overcloud-compute-1
  check 2.00/3
  expect 1 'overcloud-compute-1 has the role Networker in the stack overcloud, and the spec has Compute' '# roles: add Networker'
  [ "$(to_paste)" = '- {name: overcloud-compute-1, role: Networker, address: 192.0.2.31}' ]
}

@test "a role or an address that nobody can tell is marked, and is nothing that compiles" {
  set_server overcloud-compute-1 name '"overcloud-compute-7"'
  set_server overcloud-compute-7 networks '{"ctlplane": ["192.0.2.47", "192.0.2.48"]}'
  sim_set heat.undercloud.stacks.0.nodes.overcloud-compute-1.nested '"overcloud-compute-1"'
  check 2.00/3
  expect 1 '# UNRESOLVED overcloud-compute-7: heat does not tell its role' '# UNRESOLVED overcloud-compute-7: it has 2 addresses on ctlplane'
  [ "$(to_paste)" = '- {name: overcloud-compute-7, role: UNKNOWN, address: UNKNOWN}' ]
  site_with | awk -v line="$(to_paste)" '/compute-1,/ { $0 = line } { print }' >"$BATS_TEST_TMPDIR/site.yaml"
  run limited "${PYTHON:-python3}" -m osp_compile check "$BATS_TEST_TMPDIR/site.yaml"
  expect 1 'UNKNOWN'
}

@test "the lines, pasted, are a spec that matches" {
  set_server overcloud-compute-1 networks '{"ctlplane": ["192.0.2.47"]}'
  check 2.00/3
  site_with | awk -v line="$(to_paste)" '/compute-1,/ { $0 = line } { print }' >"$BATS_TEST_TMPDIR/site.yaml"
  run limited "${PYTHON:-python3}" -m osp_compile check "$BATS_TEST_TMPDIR/site.yaml"
  expect 0
}

@test "a hostile name of a server is legible, and nothing to paste" {
  local name at
  at=$(index_of nova.undercloud.servers name overcloud-compute-1)
  for name in '"x\n- {name: evil, role: Compute, address: 192.0.2.66}"' '"overcloud-compute-7\n"' '"a: b # c"' \
    '"\u202eevil\u001b[2J"' '"no_de"' '"-x"'; do
    sim_set "nova.undercloud.servers.$at.name" "$name"
    check 2.00/3
    expect 1 'cannot be used in site.yaml, since it is not a host name'
    [ -z "$(to_paste)" ]
    if LC_ALL=C grep -q '[^ -~]' <(grep UNRESOLVED "$(lines_file)"); then return 1; fi
  done
}

# as_kept: the file and what is in it.
as_kept() {
  stat -c %i "$(lines_file)"
  cat "$(lines_file)"
}

@test "the file is as the last run has found it: the same, another, or none" {
  local before
  set_server overcloud-compute-1 name '"overcloud-compute-7"'
  sim_set pacemaker.properties.stonith-enabled '"true"'
  run sim_run "$SCRIPT"
  [ "$(to_paste)" = $'- {name: overcloud-compute-7, role: Compute, address: 192.0.2.31}\nfencing: true' ]
  before=$(as_kept)
  run sim_run "$SCRIPT"
  [ "$(as_kept)" = "$before" ]
  # one check alone has its own lines to replace
  set_server overcloud-compute-7 name '"overcloud-compute-8"'
  check 2.00/3
  [ "$(to_paste)" = $'- {name: overcloud-compute-8, role: Compute, address: 192.0.2.31}\nfencing: true' ]
  set_server overcloud-compute-8 name '"overcloud-compute-1"'
  check 2.00/3
  expect 0
  says_nothing_of 'lines for site.yaml'
  [ "$(to_paste)" = 'fencing: true' ]
  sim_set pacemaker.properties.stonith-enabled '"false"'
  check 2.00/15
  [ ! -e "$(lines_file)" ]
}

@test "lines that cannot be kept are on the screen all the same" {
  set_server overcloud-compute-1 name '"overcloud-compute-7"'
  mkdir "$(lines_file).new"
  check 2.00/3
  expect 1 '- {name: overcloud-compute-7, role: Compute, address: 192.0.2.31}' 'the lines for site.yaml cannot be kept'
}

@test "heat that does not answer leaves the roles open, and is told" {
  sim_fault 'openstack stack resource list' 'exit 1 ERROR: Timed out'
  check 2.00/3
  expect 0 'cannot compare the roles of the nodes with those of the stack overcloud: the resources of the stack overcloud cannot be listed'
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

@test "a stack of another name is the line of site.yaml that names it" {
  sim_set heat.undercloud.stacks.0.name '"cloud-7"'
  check 2.00/6
  expect 1 'there is no stack overcloud'
  [ "$(to_paste)" = 'site: {name: lab-2, change: CHG0000002, stack: cloud-7, language: en}' ]
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
  sim_set nova.overcloud.servers.0.status '"SUSPENDED"'
  sim_set nova.overcloud.servers.1.status '"ERROR"'
  check 2.00/11
  expect 0 'is SUSPENDED and cannot move live' 'is ERROR and cannot move live'
}

@test "who else is logged in" {
  sim_set hosts.overcloud-controller-0.users '[{"user": "mallory", "tty": "pts/0", "from": "198.51.100.7", "at": 1542920000}]'
  check 2.00/12
  expect 0 'overcloud-controller-0: logged in: mallory'
  says_nothing_of 'undercloud: logged in'
  # one session there is the operator's own; panes of a terminal multiplexer are none
  sim_set hosts.undercloud.users '[{"user": "stack", "tty": "pts/0", "from": "198.51.100.8", "at": 1542920000},
    {"user": "stack", "tty": "pts/1", "from": "tmux(4711).%0", "at": 1542920000},
    {"user": "sato", "tty": "pts/2", "from": "198.51.100.9", "at": 1542920000}]'
  check 2.00/12
  expect 0 'undercloud: logged in: stack pts/0 (198.51.100.8), sato pts/2 (198.51.100.9)'
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
  # a change whose number begins as ours
  sim_set "nova.overcloud.services.$at.reason" '"CHG00000021: broken fan"'
  check 2.00/14
  expect 0 "its owner's reason: CHG00000021: broken fan"
}

@test "a cluster in maintenance mode" {
  sim_set pacemaker.properties.maintenance-mode '"true"'
  check 2.00/15
  expect 1 'the cluster is in maintenance mode'
}

@test "fencing that is on by Pacemaker's own default, where the spec has none" {
  sim_set pacemaker.properties '{"have-watchdog": "false"}'
  check 2.00/15
  expect 0 'the spec says there is no fencing, but stonith-enabled is true by default'
}

@test "the control plane: a node of the cluster that is offline, and what was stopped on purpose" {
  sim_set pacemaker.nodes.overcloud-controller-1.online false
  check 2.00/15a
  expect 1 'overcloud-controller-1 is offline'
  sim_set pacemaker.nodes.overcloud-controller-1.online true
  sim_set pacemaker.properties.dc-version '"1.1.15-11.el7_3.5-e174ec8"'
  sim_run ssh heat-admin@192.0.2.11 sudo pcs resource disable openstack-cinder-volume
  check 2.00/15a
  expect 0 'the cluster is whole, galera is synced and rabbitmq healthy'
}

@test "failed units on a node, with the line of the spec by which they may stay" {
  sim_set hosts.overcloud-compute-0.units "$(sim_get hosts.overcloud-compute-0.units | python3 -c 'import json, sys
units = json.load(sys.stdin)
units["openstack-nova-compute.service"] |= {"active": "failed", "sub": "failed"}
print(json.dumps(units))')"
  check 2.00/15b
  expect 1 'overcloud-compute-0: failed: openstack-nova-compute.service' "# UNRESOLVED waive: {2.00/15b: 'the reason why it may stay so'}" \
    'the same check of section 2.12'
}

@test "a folder that the login hands to the client, and the scripts do not" {
  run simulator run "$WORLD" --env TRIPLEO_ENVIRONMENT_DIRECTORY=/srv/envs -- "$SCRIPT" --step 2.00/5
  expect 0 'TRIPLEO_ENVIRONMENT_DIRECTORY is set to /srv/envs here' 'deploy.environment_directories in the spec' \
    '# UNRESOLVED deploy.environment_directories, with /srv/envs as the last'
  check 2.00/5
  says_nothing_of TRIPLEO_ENVIRONMENT_DIRECTORY
}
