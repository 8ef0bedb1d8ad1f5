#!/usr/bin/env bats
# 2.06  The overcloud's packages. Order and age of what comes before are passed by --force-gate; what must hold here never is.

load helpers
load backups

SECTION=./2.06-update-overcloud.sh

setup_file() {
  base fresh 'update: {breakpoints: guarded}' 'fencing: true'
  # the world lays a host's files out when it is first asked
  for node in overcloud-controller-{0,1,2} overcloud-compute-0; do WORLD=$BATS_FILE_TMPDIR/fresh sim_on "$node" true; done
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/updated"
  WORLD=$BATS_FILE_TMPDIR/updated update >"$BATS_FILE_TMPDIR/updated.output" 2>&1
}

teardown_file() { down_all; }

update() { sim_run "$SECTION" --yes --force-gate 'a lab' "$@"; }

# clearings: the nodes in the order in which they were let go.
clearings() { awk -F '\t' '$8 == "breakpoint-cleared" { print $7 }' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"; }

@test "a fresh run: plan, every node one after the other, and a second run changes nothing" {
  from updated
  run cat "$BATS_FILE_TMPDIR/updated.output"
  printf '%s\n' "$output"
  told_well
  [ "$(clearings)" = "$(printf '%s\n' overcloud-controller-{0,1,2} overcloud-compute-0)" ]
  grep -q 'update finished with status COMPLETE' "$BATS_FILE_TMPDIR/updated.output"
  refute grep -q 'Breakpoint reached' "$BATS_FILE_TMPDIR/updated.output"
  grep -q 'overcloud-compute-0 needs a reboot' "$BATS_FILE_TMPDIR/updated.output"
  has_nothing_to_do update
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

@test "a role that grows is no matter: 10 is more than 3, as a number" {
  from fresh
  printf 'parameter_defaults:\n  ControllerCount: 10\n' >"$(sim_file undercloud /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml)"
  run update --step 2.06/1
  expect 0 'disruptive'
}

@test "a role whose count no file states is warned of by name where that is forced; one that is stated is not" {
  from fresh
  printf 'parameter_defaults:\n  ComputeCount: 10\n' >"$(sim_file undercloud /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml)"
  run update --step 2.06/1
  expect 0 'no environment file sets the number of nodes of Controller; the plan will use'
  refute grep -q 'the number of nodes of Compute' <<<"$output"
  grep -q 'gate-forced.a lab (no environment file sets the number of nodes of Controller; ' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)"
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
  expect 3 'cannot check whether this step may run'
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
  expect 1 'overcloud-compute-0 was not updated: it has no mark of the update'
}

@test "a node that cannot be reached is neither done nor not" {
  from updated
  sim_set hosts.overcloud-compute-0.up false
  run sim_run "$SECTION" --status
  expect 3 'overcloud-compute-0 does not answer'
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
