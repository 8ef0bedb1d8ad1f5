#!/usr/bin/env bats
# 2.13  Finishing an NFV site

load helpers
load reboots

SECTION=./2.13-finish-nfv.sh

nodes() {
  printf '%s\n' 'roles: {ComputeOvsDpdk: {compute: true, dpdk: true}}' 'nodes:' \
    '- {name: ctl-0, role: Controller, address: 192.0.2.10}' \
    '- {name: dpdk-0, role: ComputeOvsDpdk, address: 192.0.2.50}' \
    '- {name: dpdk-1, role: ComputeOvsDpdk, address: 192.0.2.51}'
}
INSTANCES='instances: [{server: vnf-router-0, rc_file: /home/stack/tenants/vnf.rc}]'
TWO="${INSTANCES%]}, {server: vnf-router-1, rc_file: /home/stack/tenants/vnf.rc}]"

# Both computes run the new Open vSwitch; the instance's port is still the old one's.
updated() {
  local node
  due dpdk-0 dpdk-1
  for node in dpdk-0 dpdk-1; do
    simulator run "$WORLD" --host "$node" --user root -- reboot >/dev/null 2>&1 || :
  done
  simulator advance "$WORLD" 400
  simulator run "$WORLD" -- bash -c '. ~/overcloudrc; openstack server list --all-projects' >/dev/null
  sim_set nova.overcloud.servers.vnf-router-0.status '"ACTIVE"'
}

# port_of NAME: where the world keeps the instance's port.
port_of() {
  "${PYTHON:-python3}" -c '
import json, sys
state = json.load(open(sys.argv[1]))
server = next(entry for entry in state["nova"]["overcloud"]["servers"] if entry["name"] == sys.argv[2])
ports = state["neutron"]["overcloud"]["ports"]
print("neutron.overcloud.ports.%d" % next(at for at, port in enumerate(ports) if port["server"] == server["id"]))' <(simulator get "$WORLD") "$1"
}

setup_file() {
  base cold "$(nodes)" "nfv: {strategy: cold-migrate, $TWO}"
  updated
  base copies "$(nodes)" "nfv: {strategy: snapshot, $INSTANCES}"
  updated
}
teardown_file() { down_all; }

instance() { sim_get "nova.overcloud.servers.$1.$2" | tr -d '"'; }
# on_terminal_of_the_site ANSWER: the section on a terminal, where the operator types ANSWER.
on_terminal_of_the_site() {
  TERMINAL_SECONDS=120 "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/terminal.py" "$1" \
    "${PYTHON:-python3}" -S -m osp_simulator run "$WORLD" --tty -- "$SECTION" --yes --force-gate 'a test of this section alone'
}

mode() { sim_get "$(port_of "$1").mode" | tr -d '"'; }
ports() { simulator get "$WORLD" neutron.overcloud.ports; }

@test "cold migration: the port is of the new type and the migration confirmed; a second run changes nothing" {
  from cold
  run section
  expect 0
  [ "$(instance vnf-router-0 status)" = ACTIVE ]
  [[ $(ports) == *dpdkvhostuserclient* && $(ports) != *'"dpdkvhostuser"'* ]]
  changes_nothing section
  expect 0
  lose_journal
  changes_nothing section
  expect 0
}

@test "cold migration: what is shut off is migrated too, and stays off; what no Open vSwitch shows is warned of" {
  from cold
  sim_set nova.overcloud.servers.vnf-router-0.status '"SHUTOFF"'
  sim_set "$(port_of vnf-router-1).plugged" false
  run section
  expect 0 'is shut off, and would start with a dpdkvhostuser port' "$(instance vnf-router-1 id)"
  [ "$(instance vnf-router-0 status)" = SHUTOFF ] && [ "$(instance vnf-router-1 status)" = SHUTOFF ]
  [ "$(mode vnf-router-0)" = dpdkvhostuserclient ] && [ "$(mode vnf-router-1)" = dpdkvhostuser ]
  refute grep -q "$(instance vnf-router-0 id) is shut off" <<<"$output"
}

@test "a compute that still runs the old Open vSwitch refuses" {
  from cold
  sim_set hosts.dpdk-1.openvswitch.running '"2.6.1"'
  changes_nothing section
  expect 3 'openvswitch 2.6.1 runs'
}

@test "a compute that does not show its ports is no answer" {
  from cold
  sim_fault '^ovs-vsctl .*list Interface' 'exit 1 database connection failed'
  changes_nothing section
  expect 3 'cannot tell'
}

@test "a migration that fails is not confirmed" {
  from cold
  sim_set nova.overcloud.servers.vnf-router-0.on_cold_migration '"fails"'
  run section
  expect 1
  [ "$(calls_of '"--confirm"')" = 0 ]
}

@test "killed between migration and confirmation, the next run confirms" {
  from cold
  sim_fault 'server resize --confirm' 'exit 1 Gateway Timeout (HTTP 504)' 1
  run section
  expect 1
  [ "$(instance vnf-router-0 status)" = VERIFY_RESIZE ]
  run section
  expect 0
  [ "$(instance vnf-router-0 status)" = ACTIVE ]
}

@test "the guide's snapshot makes none: image create --id ends well and leaves an empty image" {
  from copies
  local id
  id=$(instance vnf-router-0 id)
  sim_set nova.overcloud.servers.vnf-router-0.status '"SHUTOFF"'
  sim_run bash -c ". ~/tenants/vnf.rc; openstack image create --id $id CHG0000001-$id </dev/null"
  run section
  expect 1 'the snapshot of vnf-router-0'
  [ "$(instance vnf-router-0 status)" = SHUTOFF ]
}

@test "snapshot: a copy with the new port, in its project; the original goes only with the operator's word" {
  from copies
  run section
  expect 4
  [ "$(instance vnf-router-0 status)" = SHUTOFF ]
  [ "$(instance vnf-router-0-CHG0000001 status)" = ACTIVE ]
  [[ $(ports) == *dpdkvhostuserclient* ]]
  [ "$(instance vnf-router-0-CHG0000001 project)" = "$(instance vnf-router-0 project)" ]
  # the key of its original, and its zone, to which the scheduler may have sent it anyway
  [ "$(instance vnf-router-0-CHG0000001 key_name)" = "$(instance vnf-router-0 key_name)" ]
  grep 'server.*create.*vnf-router-0-CHG0000001' "$WORLD/calls.jsonl" | grep -q -- '--availability-zone.*nova'
  changes_nothing section
  expect 4
  local port
  port=$(port_of vnf-router-0-CHG0000001)
  sim_set "$port.mode" '"dpdkvhostuser"'
  changes_nothing section
  expect 3 'the ports of .* are dpdkvhostuser '
  sim_set "$port.mode" '"dpdkvhostuserclient"'
  run on_terminal_of_the_site lab-1
  expect 0
  refute grep -q '"name": "vnf-router-0",' <(simulator get "$WORLD")
  [ "$(instance vnf-router-0-CHG0000001 status)" = ACTIVE ]
  changes_nothing section
  expect 0
}

@test "a snapshot that fails later is noticed" {
  from copies
  sim_set nova.overcloud.servers.vnf-router-0.on_snapshot '"fails"'
  run section
  expect 1 'the snapshot of vnf-router-0'
  [ "$(instance vnf-router-0 status)" = SHUTOFF ]
}

@test "snapshot: an instance with a volume is refused while it still runs" {
  from copies
  sim_set nova.overcloud.servers.vnf-router-0.volumes '["6d3bd4ae-7b4e-4f0e-8d3c-0d6c3f4f6a01"]'
  run section
  expect 3 'vnf-router-0 has volumes'
  [ "$(instance vnf-router-0 status)" = ACTIVE ]
}

@test "snapshot: an instance with an ephemeral disk is refused while it still runs" {
  from copies
  sim_set nova.overcloud.flavors.2.ephemeral 40
  run section
  expect 3 'an ephemeral disk of 40 GB'
  [ "$(instance vnf-router-0 status)" = ACTIVE ]
}
