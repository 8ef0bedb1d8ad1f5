#!/usr/bin/env bats
# 2.06  The overcloud's packages. In most tests order and age of what comes before are passed by --force-gate; what must hold here never is.

load helpers
load backups

SECTION=./2.06-update-overcloud.sh
MENU='q to leave the update waiting: '

setup_file() {
  base fresh 'update: {breakpoints: guarded}' 'fencing: true'
  # the world lays a host's files out when it is first asked
  for node in overcloud-controller-{0,1,2} overcloud-compute-0; do WORLD=$BATS_FILE_TMPDIR/fresh sim_on "$node" true; done
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/updated"
  WORLD=$BATS_FILE_TMPDIR/updated update >"$BATS_FILE_TMPDIR/updated.output" 2>&1
  attended
}

# The worlds in which an operator chooses: the sections before this one are done and the backups are there; in the second the update
# has been begun and stands at its breakpoints.
attended() {
  STAND_INS='2.01 2.02 2.04' base attended 'fencing: true'
  local WORLD=$BATS_FILE_TMPDIR/attended stamp=2018-11-22-220000
  made_backup undercloud undercloud-all-databases.sql "undercloud-backup-$stamp.tar"
  made_backup control_plane openstack_databases{,_grants}-$stamp.sql "overcloud-controller-"{0,1,2}"-filesystem-$stamp.tar.gz"
  simulator copy "$WORLD" "$BATS_FILE_TMPDIR/waiting"
  WORLD=$BATS_FILE_TMPDIR/waiting
  on_terminal "$MENU=>q" "$SECTION" --yes
  printf '%s\n' "$output" >"$BATS_FILE_TMPDIR/waiting.output"
}

teardown_file() { down_all; }

update() { sim_run "$SECTION" --yes --force-gate 'a lab' "$@"; }

# clearings: the nodes in the order in which they were let go.
clearings() { awk -F '\t' '$8 == "breakpoint-cleared" { print $7 }' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"; }

@test "a fresh run: plan, every node one after the other, and a second run changes nothing" {
  from updated
  cat "$BATS_FILE_TMPDIR/updated.output"
  [ "$(clearings)" = "$(printf '%s\n' overcloud-controller-{0,1,2} overcloud-compute-0)" ]
  grep -q 'update finished with status COMPLETE' "$BATS_FILE_TMPDIR/updated.output"
  refute grep -q 'Breakpoint reached' "$BATS_FILE_TMPDIR/updated.output"
  grep -q 'overcloud-compute-0 is due for a reboot' "$BATS_FILE_TMPDIR/updated.output"
  changes_nothing update
  expect 0 '0 steps changed'
  rm "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"
  changes_nothing update
  expect 0 '0 steps changed'
}

@test "no password of the overcloud is in the journal or the logs" {
  from updated
  local state secret
  state=$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001)
  secret=$(sed -n 's/^export OS_PASSWORD=//p' "$(sim_file undercloud /home/stack/overcloudrc)" | tr -d "'\"")
  [ -n "$secret" ]
  refute grep -r -F -e "$secret" "$state/journal.tsv" "$state/logs" "$BATS_FILE_TMPDIR/updated.output"
  [ -z "$(find "$state/plan-before" "$state/plan-after" "$state/logs" -maxdepth 0 -perm /077)" ]
}

@test "an environment file that is not there stops it before anything is uploaded" {
  from fresh
  rm "$(sim_file undercloud /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml)"
  changes_nothing update
  expect 3 'cannot be read: .*network-isolation.yaml'
}

@test "fewer nodes of a role than there are stop it" {
  from fresh
  printf 'parameter_defaults:\n  ControllerCount: 1  # was 3\n' >"$(sim_file undercloud /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml)"
  changes_nothing update
  expect 3 'ControllerCount is 1'
}

@test "no plan is uploaded while heat works" {
  from fresh
  sim_set heat.undercloud.stacks.0.status '"UPDATE_IN_PROGRESS"'
  changes_nothing update
  expect 3 'UPDATE_IN_PROGRESS'
}

@test "galera out of step on one controller closes the gate" {
  from fresh
  sim_set galera.nodes.overcloud-controller-2.synced false
  run update
  expect 3 'galera is not synced on overcloud-controller-2'
  [ "$(sim_get heat.undercloud.stacks.0.status)" != '"UPDATE_IN_PROGRESS"' ]
  [ -z "$(clearings)" ]
}

@test "a controller out of the cluster closes it, with the remedy" {
  from fresh
  sim_set pacemaker.nodes.overcloud-controller-1.online false
  run update
  expect 3 'overcloud-controller-1 is offline'
  grep -q 'sudo pcs cluster start' <<<"$output"
}

@test "rabbitmq that is ill closes it" {
  from fresh
  sim_set rabbit.nodes.overcloud-controller-0.healthy false
  run update
  expect 3 'rabbitmq on overcloud-controller-0 fails its health check'
}

@test "a controller that cannot be asked is no permission" {
  from fresh
  sim_fault clustercheck lost
  run update
  expect 3 'cannot tell'
  [ -z "$(clearings)" ]
}

@test "a colleague's deployment is not taken for our update" {
  from fresh
  run update --step 2.06/1
  expect 0
  sim_set heat.undercloud.stacks.0.status '"UPDATE_IN_PROGRESS"'
  sim_set heat.undercloud.stacks.0.busy_until 99999999999
  changes_nothing update
  expect 3 "somebody else's deployment"
}

@test "a stack that is COMPLETE proves nothing" {
  from fresh
  run sim_run "$SECTION" --status
  expect 1
  grep -q '2.06/2 *no' <<<"$output"
}

@test "a node without the update's mark is not done" {
  from updated
  rm -r "$(sim_file overcloud-compute-0 /var/lib/overcloud-yum-update)"
  run sim_run "$SECTION" --status
  expect 1 'overcloud-compute-0 has no mark of the update'
}

@test "a node that cannot be reached is neither done nor not" {
  from updated
  sim_set hosts.overcloud-compute-0.up false
  run sim_run "$SECTION" --status
  expect 3 'overcloud-compute-0 cannot be asked'
}

@test "yum that fails on a controller leaves the others at their breakpoints" {
  from fresh
  sim_set heat.undercloud.stacks.0.nodes.overcloud-controller-0.update '"fails"'
  run update
  printf '%s\n' "$output"
  [ "$status" -ne 0 ]
  [ "$(clearings)" = overcloud-controller-0 ]
}

@test "the update turns fencing off, and we turn it on again; a claim is left nowhere" {
  from updated
  sim_set pacemaker.properties.stonith-enabled '"false"'
  run update
  expect 0 'sudo pcs property set stonith-enabled=true'
  [ "$(sim_get pacemaker.properties.stonith-enabled)" = '"true"' ] || [ "$(sim_get pacemaker.properties.stonith-enabled)" = true ]
  refute grep osp-runbook <<<"$(sim_get pacemaker.properties)"
  run sim_run "$SECTION" --status
  expect 0
  refute grep 'fencing is off' <<<"$output"
}

@test "without a terminal the operator cannot choose, and nothing is begun" {
  from attended
  run update
  expect 4 'wants a terminal'
  [ -z "$(clearings)" ]
}

stack_status() { sim_get heat.undercloud.stacks.0.status; }

# nodes_are STATE: every node of the update stands there.
nodes_are() {
  [ "$(sim_get heat.undercloud.stacks.0.update.nodes | python3 -c 'import json, sys; print(*{node["state"] for node in json.load(sys.stdin).values()})')" = "$1" ]
}

@test "the age of the backups is asked here, and not of the sections before" {
  from attended
  simulator advance "$WORLD" $((25 * 3600))
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'the limit is 24 h'
  for id in 2.01 2.02 2.04; do [ "$(cat "$(sim_file undercloud "/home/stack/osp-runbook/asked-$id")")" = yes ]; done
}

@test "without this change's backups nothing is uploaded" {
  from attended
  sim_root bash -c 'rm /var/backup/osp/CHG0000001/control_plane-*/overcloud-controller-1-*'
  changes_nothing sim_run "$SECTION" --yes
  expect 3 'changed overcloud-controller-1-filesystem'
}

@test "on a terminal: a menu of nodes, and q leaves the update waiting" {
  from waiting
  cat "$BATS_FILE_TMPDIR/waiting.output"
  grep -q '1) overcloud-' "$BATS_FILE_TMPDIR/waiting.output"
  grep -q 'cluster: .*whole' "$BATS_FILE_TMPDIR/waiting.output"
  grep -q 'left waiting at its breakpoints' "$BATS_FILE_TMPDIR/waiting.output"
  [ "$(stack_status)" = UPDATE_IN_PROGRESS ]
  nodes_are on_breakpoint
  [ -z "$(clearings)" ]
}

@test "the same command attaches again, also when the backups have grown old meanwhile, and clears just the node chosen" {
  from waiting
  simulator advance "$WORLD" $((25 * 3600))
  on_terminal "$MENU=>3|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints'
  refute grep 'starting package update' <<<"$output"
  [ "$(clearings | wc -l)" -eq 1 ]
  [ "$(clearings)" = "$(sed -n 's/^ *3) \(overcloud-[a-z0-9-]*\) .*/\1/p' <<<"$output" | head -n 1)" ]
}

@test "the client's earlier prompt is understood as well, and never shown" {
  from waiting
  sim_set heat.undercloud.prompt '"earlier"'
  on_terminal "$MENU=>1|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints'
  [ "$(clearings | wc -l)" -eq 1 ]
  refute grep 'Breakpoint reached' <<<"$output"
  grep -q 'Regexp or Enter=proceed, no=cancel update' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/logs)"/2.06*
}

@test "no, Enter, a pattern and a number too high are no orders" {
  from waiting
  on_terminal "$MENU=>no|$MENU=>|$MENU=>.*|$MENU=>overcloud-controller-0|$MENU=>9|$MENU=>q" "$SECTION" --yes
  expect 4 'there is no number 9'
  [ "$(stack_status)" = UPDATE_IN_PROGRESS ]
  nodes_are on_breakpoint
  [ -z "$(clearings)" ]
}

@test "the client itself takes such a no for a roll-back" {
  from waiting
  run sim_run bash -c '. ~/stackrc; echo no | openstack overcloud update stack -i overcloud'
  [[ $(stack_status) == ROLLBACK_* ]]
}

@test "the menu is closed while the cluster is not whole" {
  from waiting
  sim_set faults.+ '{"match": "^clustercheck", "host": "overcloud-controller-2", "nth": [2, 3], "do": "exit 1"}'
  on_terminal "$MENU=>1|$MENU=>q" "$SECTION" --yes
  expect 4 'cannot tell.*galera on overcloud-controller-2'
  grep -q 'not now: galera' <<<"$output"
  [ -z "$(clearings)" ]
}

@test "Ctrl-C leaves the update as it is, and says how to go on" {
  from waiting
  on_terminal "$MENU=>^C" "$SECTION" --yes
  expect 130 'interrupted with Ctrl-C'
  grep -q 'Ctrl-C leaves the update running as it is; the same command attaches to it again' <<<"$output"
  grep -q 'to go on: cd /home/stack/bundle && ./2.06-update-overcloud.sh' <<<"$output"
  [ "$(stack_status)" = UPDATE_IN_PROGRESS ]
  nodes_are on_breakpoint
  on_terminal "$MENU=>q" "$SECTION" --yes
  expect 4 '1) overcloud-'
}

@test "an update that began before our plan is somebody else's" {
  from waiting
  sim_set heat.undercloud.stacks.0.parameters.UpdateIdentifier '"1500000000"'
  on_terminal '' "$SECTION" --yes
  expect 3 "somebody else's deployment or update"
  nodes_are on_breakpoint
}
