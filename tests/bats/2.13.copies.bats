#!/usr/bin/env bats
# 2.13  Copies from snapshots: what they take over from their originals, and the way back where they cannot be launched

load helpers
load reboots

SECTION=./2.13-finish-nfv.sh
GROUP=5d3c1f60-7a53-4f6f-8a4e-9b1f3f6f9d02

nodes() {
  printf '%s\n' 'roles: {ComputeOvsDpdk: {compute: true, dpdk: true}}' 'nodes:' \
    '- {name: ctl-0, role: Controller, address: 192.0.2.10}' \
    '- {name: dpdk-0, role: ComputeOvsDpdk, address: 192.0.2.50}' \
    '- {name: dpdk-1, role: ComputeOvsDpdk, address: 192.0.2.51}'
}

# The port is one that nova made, with a security group of its project.
setup_file() {
  base copies "$(nodes)" 'nfv: {strategy: snapshot, instances: [{server: vnf-router-0, rc_file: /home/stack/tenants/vnf.rc}]}'
  local node
  due dpdk-0 dpdk-1
  for node in dpdk-0 dpdk-1; do simulator run "$WORLD" --host "$node" --user root -- reboot >/dev/null 2>&1 || :; done
  simulator advance "$WORLD" 400
  sim_set nova.overcloud.servers.vnf-router-0.status '"ACTIVE"'
  of_original made_for_server true
  of_original security_groups "[\"$GROUP\"]"
}
teardown_file() { down_all; }

instance() { sim_get "nova.overcloud.servers.$1.$2" | tr -d '"'; }

# port_of NAME FIELD: of the instance's only port. of_original FIELD JSON sets it.
port_of() { port "$1" "$2"; }
of_original() { sim_set "$(port vnf-router-0).$1" "$2"; }
port() {
  "${PYTHON:-python3}" -c '
import json, sys
state = json.load(open(sys.argv[1]))
server = next(entry for entry in state["nova"]["overcloud"]["servers"] if entry["name"] == sys.argv[2])
ports = state["neutron"]["overcloud"]["ports"]
at = next(at for at, port in enumerate(ports) if port["server"] == server["id"])
print(json.dumps(ports[at][sys.argv[3]]).strip("\"") if len(sys.argv) > 3 else "neutron.overcloud.ports.%d" % at)' <(simulator get "$WORLD") "$@"
}

on_terminal_of_the_site() {
  TERMINAL_SECONDS=120 "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/terminal.py" "$1" \
    "${PYTHON:-python3}" -S -m osp_simulator run "$WORLD" --tty -- "$SECTION" --yes --force-gate 'a test of this section alone'
}
detachments() { calls_of '"interface-detach"'; }

@test "a port that nova made and deletes is made anew with its IPv6 address and its security groups; the question names who goes" {
  from copies
  of_original address '"2001:db8::15"'
  run section
  expect 4 'server vnf-router-0  '"$(instance vnf-router-0 id)"'  SHUTOFF' "its copy vnf-router-0-CHG0000001  $(instance vnf-router-0-CHG0000001 id) stays"
  [ "$(port_of vnf-router-0-CHG0000001 address)" = 2001:db8::15 ]
  [ "$(port_of vnf-router-0-CHG0000001 security_groups)" = "[\"$GROUP\"]" ]
  [ "$(calls_of "\"--security-group\", \"$GROUP\"")" = 1 ]
  changes_nothing section
  expect 4
  run on_terminal_of_the_site vnf-router-0
  expect 4 'not confirmed'
  [ "$(instance vnf-router-0 status)" = SHUTOFF ]
}

@test "a copy with other security groups is no equal: the original stays" {
  from copies
  run section
  expect 4
  sim_set "$(port vnf-router-0-CHG0000001).security_groups" '["default"]'
  run section
  expect 1 'its original had .*'"$GROUP"
  [ "$(instance vnf-router-0 status)" = SHUTOFF ]
  [ "$(calls_of '"server", "delete"')" = 0 ]
}

@test "a port of its owner goes over as it is" {
  from copies
  of_original made_for_server false
  local mac
  mac=$(port_of vnf-router-0 mac)
  run section
  expect 4
  [ "$(port_of vnf-router-0-CHG0000001 mac)" = "$mac" ]
  [ "$(calls_of '"--security-group"')" = 0 ]
}

@test "two addresses on a port that nova may have made are refused while the instance runs; on one of its owner they are not" {
  from copies
  of_original address '"10.2.0.15,2001:db8::15"'
  changes_nothing section --step 2.13/1
  expect 3 'would not recreate it with exactly these addresses' 'cold-migrate'
  [ "$(instance vnf-router-0 status)" = ACTIVE ]
  of_original address '""'
  changes_nothing section --step 2.13/1
  expect 3 'would not recreate it with exactly these addresses'
  of_original address '"10.2.0.15,2001:db8::15"'
  of_original name '"uplink"'
  of_original made_for_server false
  run section --step 2.13/1
  expect 0
}

@test "no compute has room: refused before anything is detached" {
  from copies
  sim_set nova.overcloud.flavors.2.properties '{"hw:cpu_policy": "dedicated"}'
  sim_set nova.overcloud.services.nova-compute@dpdk-0.vcpus 6
  sim_set nova.overcloud.services.nova-compute@dpdk-1.vcpus 3
  run section
  expect 3 'no OVS-DPDK compute has room for a copy of vnf-router-0 beside it: it needs 4 dedicated CPUs'
  [ "$(detachments)" = 0 ]
  sim_set nova.overcloud.services.nova-compute@dpdk-1.vcpus 4
  run section
  expect 4
  [ "$(instance vnf-router-0-CHG0000001 host)" = dpdk-1.localdomain ]
}

@test "the snapshot is looked at once more before a port is taken away" {
  from copies
  run section --step 2.13/1
  run section --step 2.13/2
  run section --step 2.13/3
  expect 0
  sim_fault 'image show -f value -c size' 'exit 1 Gateway Timeout (HTTP 504)' 3
  run section
  expect 1 'cannot tell'
  [ "$(detachments)" = 0 ]
}

@test "a copy that ends in ERROR: the way back is printed, works as printed, and a later run takes a new snapshot and goes on" {
  from copies
  sim_set nova.overcloud.flavors.2.too_big true
  run section
  expect 1 'to revert vnf-router-0' 'openstack server delete' 'nova interface-attach --net-id .* --fixed-ip' 'openstack server start'
  [ "$(instance vnf-router-0-CHG0000001 status)" = ERROR ]
  [ "$(detachments)" = 1 ]
  local original back
  original=$(instance vnf-router-0 id)
  back=$(sed -n 's/\x1b\[[0-9;]*m//g; s/^ *\(\. \/\|openstack server\|nova interface\)/\1/p' <<<"$output" | grep -v neutron)
  run sim_run bash -euc "$back
sleep 30"
  expect 0
  [ "$(instance vnf-router-0 status)" = ACTIVE ]
  [ -z "$(instance vnf-router-0-CHG0000001 status 2>/dev/null)" ]
  sim_set nova.overcloud.flavors.2.too_big false
  run section
  expect 4 'has run since its snapshot, which is no longer used'
  [ "$(instance vnf-router-0-CHG0000001 status)" = ACTIVE ]
  [ "$(port_of vnf-router-0-CHG0000001 security_groups)" = "[\"$GROUP\"]" ]
  [ "$(calls_of '"server", "image", "create"')" = 2 ]
  [ "$(instance vnf-router-0 id)" = "$original" ]
}

@test "a copy that nova does not accept leaves no original without its ports unsaid" {
  from copies
  sim_fault 'server create' 'exit 1 Quota exceeded for cores (HTTP 403)' 1
  run section
  expect 1 'to revert vnf-router-0' 'has no ports now'
  run section
  expect 4
  [ "$(instance vnf-router-0-CHG0000001 status)" = ACTIVE ]
}
