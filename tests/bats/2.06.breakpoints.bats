#!/usr/bin/env bats
# 2.06  The breakpoints of the overcloud's update, with an operator who chooses; the sections before are done, and the backups are there.

load helpers
load backups

SECTION=./2.06-update-overcloud.sh
MENU='q to leave the update waiting: '
SURE='now? y clears its breakpoint, anything else shows the list again: '

# Two worlds: in the second the update was started two hours before the backups are too old, and waits at its breakpoints.
setup_file() {
  STAND_INS='2.01 2.02 2.04' base attended 'fencing: true'
  local WORLD=$BATS_FILE_TMPDIR/attended stamp=2018-11-22-220000
  made_backup undercloud undercloud-all-databases.sql "undercloud-backup-$stamp.tar"
  made_backup control_plane openstack_databases{,_grants}-$stamp.sql "overcloud-controller-"{0,1,2}"-filesystem-$stamp.tar.gz"
  simulator copy "$WORLD" "$BATS_FILE_TMPDIR/waiting"
  WORLD=$BATS_FILE_TMPDIR/waiting
  simulator advance "$WORLD" $((22 * 3600))
  on_terminal "$MENU=>q" "$SECTION" --yes
  printf '%s\n' "$output" >"$BATS_FILE_TMPDIR/waiting.output"
}

teardown_file() { down_all; }

# clearings: the nodes in the order in which they were let go.
clearings() { awk -F '\t' '$8 == "breakpoint-cleared" { print $7 }' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"; }

stack_status() { sim_get heat.undercloud.stacks.0.status; }

# nodes_are STATE: every node of the update is in this state.
nodes_are() {
  [ "$(sim_get heat.undercloud.stacks.0.update.nodes | python3 -c 'import json, sys; print(*{node["state"] for node in json.load(sys.stdin).values()})')" = "$1" ]
}

@test "without a terminal the operator cannot choose, and nothing is begun" {
  from attended
  run sim_run "$SECTION" --yes
  expect 4 'needs a terminal'
  [ -z "$(clearings)" ]
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
  grep -q 'cluster: .*healthy' "$BATS_FILE_TMPDIR/waiting.output"
  grep -q 'left waiting at its breakpoints' "$BATS_FILE_TMPDIR/waiting.output"
  [ "$(stack_status)" = UPDATE_IN_PROGRESS ]
  nodes_are on_breakpoint
  [ -z "$(clearings)" ]
}

@test "the same command attaches again, also when the backups have grown old meanwhile, and clears just the node chosen" {
  from waiting
  simulator advance "$WORLD" $((3 * 3600))
  on_terminal "$MENU=>3|$SURE=>y|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints'
  refute grep 'starting package update' <<<"$output"
  [ "$(clearings | wc -l)" -eq 1 ]
  [ "$(clearings)" = "$(sed -n 's/^ *3) \(overcloud-[a-z0-9-]*\) .*/\1/p' <<<"$output" | head -n 1)" ]
}

@test "the number alone lets no node go on: one more question names it" {
  local second
  from waiting
  second=$(sed -n 's/^ *2) \(overcloud-[a-z0-9-]*\) .*/\1/p' "$BATS_FILE_TMPDIR/waiting.output" | head -n 1)
  on_terminal "$MENU=>2|update $second $SURE=>|$MENU=>2|update $second $SURE=>n|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints'
  [ -z "$(clearings)" ]
}

@test "a key that is typed before the menu is shown chooses nothing, and one before the second question clears nothing" {
  from waiting
  on_terminal "BEFORE=>1|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints'
  refute grep 'clears its breakpoint' <<<"$output"
  on_terminal "$MENU=>1"$'\n'"y|$SURE=>|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints' 'clears its breakpoint'
  [ -z "$(clearings)" ]
  nodes_are on_breakpoint
}

@test "the client's earlier prompt is understood as well, and never shown" {
  from waiting
  sim_set heat.undercloud.prompt '"earlier"'
  on_terminal "$MENU=>1|$SURE=>y|$MENU=>q" "$SECTION" --yes
  expect 4 'left waiting at its breakpoints'
  [ "$(clearings | wc -l)" -eq 1 ]
  refute grep 'Breakpoint reached' <<<"$output"
  grep -q 'Regexp or Enter=proceed, no=cancel update' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/logs)"/2.06*
}

@test "no, Enter, a pattern and a number too high are no orders" {
  from waiting
  on_terminal "$MENU=>no|$MENU=>|$MENU=>.*|$MENU=>overcloud-controller-0|$MENU=>9|$MENU=>q" "$SECTION" --yes
  expect 4 'no node at a breakpoint has the number 9'
  [ "$(stack_status)" = UPDATE_IN_PROGRESS ]
  nodes_are on_breakpoint
  [ -z "$(clearings)" ]
}

@test "the client itself takes such a no for a roll-back" {
  from waiting
  run sim_run bash -c '. ~/stackrc; echo no | openstack overcloud update stack -i overcloud'
  [[ $(stack_status) == ROLLBACK_* ]]
}

@test "the menu is closed while the cluster is not healthy" {
  from waiting
  sim_set faults.+ '{"match": "^clustercheck", "host": "overcloud-controller-2", "nth": [2, 3], "do": "exit 1"}'
  on_terminal "$MENU=>1|$SURE=>y|$MENU=>q" "$SECTION" --yes
  expect 4 'cannot tell.*galera on overcloud-controller-2'
  grep -q 'breakpoint not cleared: galera' <<<"$output"
  [ -z "$(clearings)" ]
}

@test "Ctrl-C leaves the update as it is, and says how to continue" {
  from waiting
  on_terminal "$MENU=>^C" "$SECTION" --yes
  expect 130 'interrupted with Ctrl-C'
  grep -q 'Ctrl-C leaves the update running; the same command attaches to it again' <<<"$output"
  grep -q 'to continue: cd /home/stack/bundle && ./2.06-update-overcloud.sh' <<<"$output"
  [ "$(stack_status)" = UPDATE_IN_PROGRESS ]
  nodes_are on_breakpoint
  on_terminal "$MENU=>q" "$SECTION" --yes
  expect 4 '1) overcloud-'
}
