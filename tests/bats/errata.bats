#!/usr/bin/env bats
# What the guide's literal commands and the Newton clients mislead with, each first shown and then not fallen for, in one and the same world

load helpers
load backups
load reboots

BACKUPS=/home/stack/backups
FIRST=overcloud-controller-0

nodes() {
  printf '%s\n' 'nodes:' \
    '- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}' \
    '- {name: overcloud-controller-1, role: Controller, address: 192.0.2.11}' \
    '- {name: overcloud-controller-2, role: Controller, address: 192.0.2.12}' \
    '- {name: overcloud-cephstorage-0, role: CephStorage, address: 192.0.2.20}' \
    '- {name: compute-1, role: Compute, address: 192.0.2.31}' \
    '- {name: compute-10, role: Compute, address: 192.0.2.40}'
}

# fresh: nothing is done. due: compute-1 needs a reboot. saved: both backups are there, but for their copies.
setup_file() {
  base fresh "$(nodes)" "backup: {directory: $BACKUPS}" 'update: {breakpoints: guarded}'
  keep due
  keep saved
  WORLD=$BATS_FILE_TMPDIR/due due compute-1
  WORLD=$BATS_FILE_TMPDIR/saved
  undercloud >"$BATS_FILE_TMPDIR/saved.output" 2>&1 </dev/null || :
  control_plane >>"$BATS_FILE_TMPDIR/saved.output" 2>&1 </dev/null || :
}
teardown_file() { down_all; }

undercloud() { SECTION=./2.01-back-up-undercloud.sh section "$@"; }
control_plane() { SECTION=./2.02-back-up-control-plane.sh section "$@"; }
images() { SECTION=./2.05-update-images.sh section "$@"; }
overcloud() { SECTION=./2.06-update-overcloud.sh section "$@"; }
computes() { SECTION=./2.09-reboot-computes.sh section --node compute-1 "$@"; }

# over WORDS and under WORDS: typed by the operator with the overcloud's or the undercloud's credentials.
over() { sim_run bash -c ". ~/overcloudrc; $1"; }
under() { sim_run bash -c ". ~/stackrc; $1"; }

calls_since_mark() { tail -n "+$((SIM_MARK + 1))" "$WORLD/calls.jsonl"; }
# without SECTION PATTERN: this test begins where all is saved but one piece.
without() {
  from saved
  find "$(newest "$1")" -name "$2" -delete
}

piece() { find "$(newest "$1")" -name "$2"; }
instance() { sim_get "nova.overcloud.servers.$1.$2" | tr -d '"'; }
is_enabled() { [[ $(sim_get nova.overcloud.services | grep -o "{[^}]*nova-compute[^}]*\"$1.localdomain\"[^}]*}") != *'"enabled": false'* ]]; }
nodes_past_breakpoint() {
  sim_get heat.undercloud.stacks.0.update.nodes |
    python3 -c 'import json, sys; print(*sorted(name for name, node in json.load(sys.stdin).items() if node["state"] != "on_breakpoint"))'
}

# The guide's list of what to dump.
SCHEMAS="select distinct table_schema from information_schema.tables where engine='innodb' and table_schema != 'mysql';"

@test "2.01: a redirect leaves an empty or a cut dump under the name of a whole one; ours has that name when it is whole" {
  without undercloud 'undercloud-all-databases.sql'
  run sim_run bash -c 'cd && mysqldump --opt --all-databases >undercloud-all-databases.sql'
  [ "$status" -ne 0 ]
  [ -e "$(sim_file undercloud /home/stack/undercloud-all-databases.sql)" ]
  [ ! -s "$(sim_file undercloud /home/stack/undercloud-all-databases.sql)" ]
  sim_set faults '[{"match": "^mysqldump .*--all-databases", "user": "root", "nth": [1, 2], "do": "cut"}]'
  run sim_root bash -c 'cd && mysqldump --opt --all-databases >undercloud-all-databases.sql; tail -n 1 undercloud-all-databases.sql'
  [ "$status" -eq 0 ]
  refute grep -q 'Dump completed' <<<"${lines[-1]}"
  run undercloud --step 2.01/2
  expect 1
  [ -z "$(piece undercloud undercloud-all-databases.sql)" ]
  run undercloud --step 2.01/2
  expect 0
  tail -n 1 "$(piece undercloud undercloud-all-databases.sql)" | grep -q '^-- Dump completed'
}

@test "2.01: an archive written where it archives swallows the older ones; ours does not" {
  without undercloud 'undercloud-backup-*.tar'
  local archive
  run sim_root bash -c "cd $BACKUPS && echo older >undercloud-backup-2018-11-01.tar && tar --xattrs --ignore-failed-read -cf undercloud-backup-now.tar /etc /home/stack"
  expect 0
  tar -tf "$(sim_file undercloud $BACKUPS/undercloud-backup-now.tar)" | grep -q 'home/stack/backups/undercloud-backup-2018-11-01.tar'
  run undercloud --step 2.01/3
  expect 0
  archive=$(piece undercloud 'undercloud-backup-*.tar')
  tar -tf "$archive" | grep -q '^home/stack/'
  refute grep 'home/stack/backups/' <(tar -tf "$archive")
}

@test "2.02: --exclude behind the path excludes nothing, and .tar is the name of a gzip archive; ours has neither fault" {
  without control_plane "$FIRST-filesystem-*"
  local naive ours
  run sim_on $FIRST sudo bash -c 'mkdir -p /var/tmp/filesystem_backup /var/lib/nova/instances/vm && echo disk >/var/lib/nova/instances/vm/disk
    tar --ignore-failed-read --xattrs -zcvf /var/tmp/filesystem_backup/guide.tar /etc/hosts /var/lib/nova --exclude /var/lib/nova/instances'
  naive=$(sim_file $FIRST /var/tmp/filesystem_backup/guide.tar)
  gzip --test <"$naive"
  tar -tzf "$naive" | grep -q 'instances/vm/disk'
  run control_plane --step 2.02/4 --node $FIRST
  expect 0
  ours=$(piece control_plane "$FIRST-filesystem-*")
  [[ $ours == *.tar.gz ]]
  gzip --test <"$ours"
  tar -tzf "$ours" | grep -q '^var/lib/nova/'
  refute grep 'instances/vm' <(tar -tzf "$ours")
}

@test "2.02: under an empty list xargs runs mysqldump bare, to a dump of nothing that calls itself complete; ours runs none" {
  without control_plane 'openstack_databases-*'
  sim_set galera.schemas '{}'
  run sim_on $FIRST bash -c 'set -o pipefail; password=$(sudo hiera mysql::server::root_password)
    mysql -uroot "-p$password" -s -N -e "$1" | xargs mysqldump -uroot "-p$password" --single-transaction --databases' - "$SCHEMAS"
  expect 0 '^-- Dump completed'
  refute grep -q 'CREATE DATABASE' <<<"$output"
  sim_mark
  run control_plane --step 2.02/1
  expect 1 'lists no schemas'
  refute grep '"tool": "mysqldump"' <(calls_since_mark)
}

@test "2.02: -p and the password stand in the list of processes; ours are in no argument" {
  without control_plane 'openstack_databases-*'
  local secret
  secret=$(sim_get galera.password | tr -d '"')
  run sim_on $FIRST bash -c 'password=$(sudo hiera mysql::server::root_password); mysql -uroot "-p$password" -s -N -e "$1"' - "$SCHEMAS"
  expect 0
  grep -q -F -e "$secret" "$WORLD/calls.jsonl"
  sim_mark
  run control_plane --step 2.02/1
  expect 0
  calls_since_mark | grep -q '"tool": "mysqldump"'
  refute grep -F -e "$secret" <(calls_since_mark)
}

@test "2.02: hiera says nil, and 0, for a password that it does not have; ours takes that for none" {
  without control_plane 'openstack_databases-*'
  sim_set "hosts.$FIRST.hiera" '{"service_names": ["mysql"]}'
  run sim_on $FIRST bash -c 'password=$(sudo hiera mysql::server::root_password) && echo "the password is $password"'
  expect 0 'the password is nil'
  changes_nothing control_plane --step 2.02/1
  expect 3 'hiera has no mysql::server::root_password'
}

@test "2.02: the address in hiera is that of the controller one is on; ours dumps from the primary" {
  without control_plane 'mongo_backup*'
  sim_set mongo.primary '"overcloud-controller-1"'
  run sim_on $FIRST bash -c 'mongodump --oplog --host "$(sudo hiera mongodb::server::bind_ip)" --out /tmp/mongo_backup/'
  expect 0
  grep '"tool": "mongodump"' "$WORLD/calls.jsonl" | tail -n 1 | grep -q '"192.0.2.10"'
  sim_mark
  run control_plane --step 2.02/2
  expect 0
  calls_since_mark | grep '"tool": "mongodump"' | grep -q '"192.0.2.11:27017"'
}

@test "2.02: redis-cli ends with 0 on a wrong password; ours reads what it says" {
  without control_plane 'redis-*'
  sim_set redis.password '"changed meanwhile"'
  run sim_on $FIRST bash -c 'redis-cli -a "$(sudo hiera redis::masterauth)" -h 172.16.2.6 ping && redis-cli -a wrong -h 172.16.2.6 bgsave'
  expect 0 NOAUTH
  changes_nothing control_plane --step 2.02/3
  expect 3 'refuses the login'
}

@test "2.02: bgsave has only begun when it returns, and dump.rdb is the earlier one; ours waits" {
  without control_plane 'redis-*'
  local dump
  dump=$(sim_file $FIRST /var/lib/redis/dump.rdb)
  cp "$dump" "$BATS_TEST_TMPDIR/earlier"
  sim_set redis.bgsave_seconds 20
  simulator advance "$WORLD" 60
  run sim_on $FIRST bash -c 'redis-cli -a "$(sudo hiera redis::masterauth)" -h 172.16.2.6 bgsave'
  expect 0 'Background saving started'
  cmp "$dump" "$BATS_TEST_TMPDIR/earlier"
  simulator advance "$WORLD" 60
  run control_plane --step 2.02/3
  expect 0
  refute cmp -s "$(piece control_plane 'redis-*')" "$BATS_TEST_TMPDIR/earlier"
}

@test "2.05: yum.log is silent once it was rotated; ours compares what is packaged with glance" {
  from fresh
  sim_root bash -c 'echo "Nov 12 11:36:01 Updated: rhosp-director-images-10.0-20181101.1.el7ost.noarch" >/var/log/yum.log-20181118 && : >/var/log/yum.log'
  run sim_run sudo grep rhosp-director-images /var/log/yum.log
  expect 1
  [ -z "$output" ]
  run images --step 2.05/1
  expect 0 'new images to upload'
}

@test "2.05: rm -rf ~/images/* loses what the site has customised; ours sets it aside" {
  from fresh
  local full
  full=$(sim_file undercloud /home/stack/images)/overcloud-full.qcow2
  sim_run bash -c 'echo customised >~/images/overcloud-full.qcow2; rm -rf ~/images/*'
  [ ! -e "$full" ]
  sim_run bash -c 'echo customised >~/images/overcloud-full.qcow2'
  run images --step 2.05/2
  expect 0
  grep -q customised "$(sim_file undercloud /home/stack)"/images.before-CHG0000001-*/overcloud-full.qcow2
}

@test "2.06: a colleague's deployment is reported as our update, COMPLETE and 0; ours refuses it, and believes no COMPLETE" {
  from fresh
  run overcloud --step 2.06/1
  expect 0
  sim_set heat.undercloud.stacks.0.status '"UPDATE_IN_PROGRESS"'
  sim_set heat.undercloud.stacks.0.busy_until 99999999999
  changes_nothing overcloud
  expect 3 "somebody else's deployment"
  sim_set heat.undercloud.stacks.0.busy_until "$(($(sim_get clock | cut -d . -f 1) + 60))"
  run under 'openstack overcloud update stack -i overcloud'
  expect 0 'update finished with status COMPLETE'
  [ ! -e "$(sim_file compute-1 /var/lib/overcloud-yum-update)" ]
  run overcloud --status
  expect 1 '2.06/2 *no'
}

@test "2.06: without -i the client exits 0 while every node waits; ours does not call that done" {
  from fresh
  run under 'openstack overcloud update stack overcloud'
  expect 0 'status: IN_PROGRESS'
  simulator advance "$WORLD" 600
  [ "$(sim_get heat.undercloud.stacks.0.status)" = UPDATE_IN_PROGRESS ]
  [ -z "$(nodes_past_breakpoint)" ]
  run overcloud --status
  expect 1 '2.06/2 *no'
}

@test "2.06: Enter clears a node that nobody has named, a pattern all of them; ours lets go one controller after the other" {
  from fresh
  overcloud --step 2.06/1
  under 'openstack overcloud update stack overcloud'
  simulator advance "$WORLD" 600
  keep waiting
  run under 'echo | openstack overcloud update stack -i overcloud'
  [ "$(nodes_past_breakpoint)" = overcloud-cephstorage-0 ]
  sim_down
  rm -r "$WORLD"
  from waiting
  run under 'echo "overcloud-controller-.*" | openstack overcloud update stack -i overcloud'
  [ "$(nodes_past_breakpoint)" = 'overcloud-controller-0 overcloud-controller-1 overcloud-controller-2' ]
  sim_down
  rm -r "$WORLD"
  from waiting
  run overcloud --step 2.06/2
  expect 0
  [ "$(awk -F '\t' '$8 == "breakpoint-cleared" { print $7 }' "$(sim_file undercloud /home/stack/osp-runbook/lab-1/CHG0000001/journal.tsv)" | head -n 3 | paste -sd ' ')" = "overcloud-controller-0 overcloud-controller-1 overcloud-controller-2" ]
}

@test "2.09: a short host name lists nothing, and 0; ours lists what is there, and sees no empty node" {
  from fresh
  run over 'openstack server list --host compute-1 --all-projects -f value'
  expect 0
  [ -z "$output" ]
  run says is_empty compute-1
  expect 0 '^no: '
}

@test "2.09: the list ends after nova's page; ours has every instance" {
  from fresh
  sim_set nova.overcloud.max_limit 1
  run over 'openstack server list --host compute-1.localdomain --all-projects -f value -c Name'
  expect 0
  [ "${#lines[@]}" -eq 1 ]
  run library 'printed find_instances_on compute-1'
  expect 0
  grep -q 'vm-0$' <<<"$output"
  grep -q 'vm-1$' <<<"$output"
}

@test "2.09: a migration that was rolled back is Complete, and 0; ours looks where the instance is, and reboots nothing" {
  from due
  sim_set nova.overcloud.servers.vm-0.on_live_migration '"rolls-back"'
  run over 'openstack server migrate --live compute-10.localdomain --shared-migration --wait vm-0'
  expect 0 '^Complete$'
  [ "$(instance vm-0 host)" = compute-1.localdomain ]
  run computes
  expect 1 'still on compute-1: vm-0 ACTIVE'
  [ "$(boots compute-1)" = 0 ]
}

@test "2.09: host-evacuate-live ends with 0 over a row that says False; ours says what is still there" {
  from due
  sim_set nova.overcloud.servers.vm-0.status '"SHUTOFF"'
  run over 'nova host-evacuate-live compute-1.localdomain'
  expect 0 '| False '
  run computes
  expect 1 'vm-0 SHUTOFF'
  [ "$(boots compute-1)" = 0 ]
}

@test "2.09: host-evacuate-live compute-1 empties compute-10 as well; ours moves nothing but what is on compute-1" {
  from due
  simulator copy "$WORLD" "$BATS_TEST_TMPDIR/guide"
  run env WORLD="$BATS_TEST_TMPDIR/guide" "${PYTHON:-python3}" -S -m osp_simulator run "$BATS_TEST_TMPDIR/guide" -- bash -c '. ~/overcloudrc; nova host-evacuate-live compute-1'
  simulator down "$BATS_TEST_TMPDIR/guide"
  expect 0
  for vm in vm-2 vm-3; do grep -q "$(instance "$vm" id)" <<<"$output"; done
  run computes
  expect 0
  [ "$(boots compute-1)$(boots compute-10)" = 10 ]
  for vm in vm-2 vm-3; do
    [ "$(instance "$vm" host)" = compute-10.localdomain ]
    refute grep -q "live-migration.*$(instance "$vm" id)" "$WORLD/calls.jsonl"
  done
}

@test "2.10: as strings 2.10 is less than 2.9, and 2.9 enough where 2.10 is due; ours counts" {
  from fresh
  sim_on compute-1 true
  sim_set hosts.compute-1.packages.openvswitch '["2.10.0-1.el7fdp"]'
  sim_set hosts.compute-1.packages.qemu-kvm-rhev '["10:2.9.0-16.el7"]'
  run sim_on compute-1 bash -c '[[ 2.10.0 < 2.9 && ! 2.9.0 < 2.10 ]]'
  expect 0
  run sim_run ./2.10-check-packages.sh --step 2.10/2
  grep 'compute-1: too old' <<<"$output" | grep -q qemu-kvm-rhev
  refute grep 'compute-1: too old.*openvswitch' <<<"$output"
}

@test "2.11: the list of failed units ends with 0 whether any failed or not; ours reads it" {
  from fresh
  sim_set hosts.undercloud.units "$(sim_get hosts.undercloud.units | python3 -c 'import json, sys
units = json.load(sys.stdin)
units["openstack-nova-api.service"] |= {"active": "failed", "sub": "failed"}
print(json.dumps(units))')"
  run sim_root systemctl list-units --state=failed 'openstack*' 'neutron*' 'httpd' 'docker' 'ceph*'
  expect 0 openstack-nova-api
  run sim_run ./2.11-validate-undercloud.sh --step 2.11/2
  expect 1 'failed: openstack-nova-api.service'
}

@test "2.12: active+clean is in the status beside what is not; ours counts the placement groups" {
  from fresh
  sim_set ceph.stuck '{"active+undersized+degraded": 1}'
  run sim_on $FIRST bash -c 'sudo ceph -s | grep active+clean'
  expect 0
  run sim_run ./2.12-validate-overcloud.sh --step 2.12/9c
  expect 1 '1023 of 1024 placement groups are active+clean'
}

@test "2.12: --name is a pattern, and finds other machines too; ours asks the nodes of the spec" {
  from fresh
  run under 'openstack server list --name compute-1 -f value -c Name'
  expect 0 '^compute-10$'
  run library 'nodes_in computes | cut -f 1; node_address compute-1'
  expect 0 '192.0.2.31'
  run computes --dry-run
  expect 0 compute-1
  refute grep -q compute-10 <<<"$output"
}

@test "2.13: image create --id takes no snapshot, and 0: an empty image that is active; a real one has a size" {
  from fresh
  local id
  id=$(instance vm-0 id)
  run over "openstack image create --id $id guide </dev/null >/dev/null && openstack image show guide -f json -c size -c status"
  expect 0 '"size": 0'
  grep -q '"status": "active"' <<<"$output"
  run over "openstack server image create --wait --name CHG0000001-$id vm-0 >/dev/null && openstack image show CHG0000001-$id -f json -c size"
  expect 0
  refute grep -q '"size": 0' <<<"$output"
}

@test "2.09: cold migration with --wait never returns, and leaves the instance unconfirmed; ours does not wait so, and confirms" {
  base cold "$(nodes)" 'compute_reboot: {stuck: cold}'
  due compute-1
  sim_set nova.overcloud.servers.vm-0.status '"SHUTOFF"'
  keep shut_off
  from cold
  run over 'timeout 7200 openstack server migrate --wait vm-0'
  expect 124
  [ "$(instance vm-0 status)" = VERIFY_RESIZE ]
  sim_down
  rm -r "$WORLD"
  from shut_off
  run computes
  expect 0
  [ "$(instance vm-0 status)" = SHUTOFF ]
  [ "$(instance vm-0 host)" = compute-10.localdomain ]
  [ "$(boots compute-1)" = 1 ]
}

@test "2.09: --enable opens a compute that its owner has closed; ours leaves it closed, and names the reason" {
  from due
  over 'openstack compute service set --disable --disable-reason "broken DIMM" compute-1.localdomain nova-compute'
  simulator copy "$WORLD" "$BATS_FILE_TMPDIR/closed"
  over 'openstack compute service set compute-1.localdomain nova-compute --disable; openstack compute service set compute-1.localdomain nova-compute --enable'
  is_enabled compute-1
  sim_down
  rm -r "$WORLD"
  from closed
  run computes
  expect 0 'broken DIMM'
  [ "$(boots compute-1)" = 1 ]
  refute is_enabled compute-1
}
