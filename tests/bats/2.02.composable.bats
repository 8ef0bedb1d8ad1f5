#!/usr/bin/env bats
# 2.02  The control plane's backup where it is split: Galera, RabbitMQ, Redis and MongoDB run on roles of their own, over IPv6

load helpers
load backups

SECTION=./2.02-back-up-control-plane.sh

site_with() {
  cat <<YAML
version: 1
site: {name: lab-1, change: CHG0000001, language: en}
roles:
  ControllerOpenstack: {controller: true}
  Database: {pacemaker: true}
  Messaging: {pacemaker: true}
  Telemetry: {pacemaker: true}
  Networker: {}
nodes:
- {name: overcloud-controller-0, role: ControllerOpenstack, address: "2001:db8::10"}
- {name: overcloud-database-0, role: Database, address: "2001:db8::20"}
- {name: overcloud-database-1, role: Database, address: "2001:db8::21"}
- {name: overcloud-messaging-0, role: Messaging, address: "2001:db8::30"}
- {name: overcloud-messaging-1, role: Messaging, address: "2001:db8::31"}
- {name: overcloud-telemetry-0, role: Telemetry, address: "2001:db8::40"}
- {name: overcloud-networker-0, role: Networker, address: "2001:db8::50"}
- {name: overcloud-compute-0, role: Compute, address: "2001:db8::60"}
deploy: {roles_file: /home/stack/templates/roles_data.yaml}
env_files: [/usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml]
YAML
  printf '%s\n' "$@"
}

setup_file() {
  base fresh 'backup: {copy_to: "backup@[2001:db8::250]:/srv/osp"}'
  simulator copy "$BATS_FILE_TMPDIR/fresh" "$BATS_FILE_TMPDIR/done"
  WORLD=$BATS_FILE_TMPDIR/done sim_run "$SECTION" >"$BATS_FILE_TMPDIR/done.output" 2>&1
}

teardown_file() { down_all; }

hosts_of() { grep "\"tool\": \"$1\"" "$WORLD/calls.jsonl" | sed 's/.*"host": "\([^"]*\)".*/\1/' | sort -u | tr '\n' ' '; }

@test "each piece comes from the nodes that run its service, and every node of the cluster is archived" {
  from done
  cat "$BATS_FILE_TMPDIR/done.output"
  local set node
  set=$(newest control_plane)
  sums_are_right "$set"
  [ "$(hosts_of mysqldump)" = 'overcloud-database-0 ' ]
  [ "$(hosts_of mongodump)" = 'overcloud-telemetry-0 ' ]
  [ "$(hosts_of clustercheck)" = 'overcloud-database-0 ' ]
  [ "$(head -c 5 "$set"/redis-*)" = REDIS ]
  for node in controller-0 database-0 database-1 messaging-0 messaging-1 telemetry-0; do
    tar -tzf "$set/overcloud-$node"-filesystem-*.tar.gz | grep -q '^etc/hostname'
  done
  [ "$(find "$set" -name '*-filesystem-*' | wc -l)" -eq 6 ]
  sums_are_right "$(sim_file backup "/srv/osp/lab-1/CHG0000001/${set##*/}")"
  no_secret_is_shown
}

@test "the files of every node of the control plane count when room for the backup is asked for" {
  from fresh
  sim_on overcloud-messaging-1 sudo truncate --size 20G /var/log/big
  sim_set hosts.undercloud.disks.0.used $((500 * 10 ** 9 - 10 * 10 ** 9))
  # (this step alone: where it is not refused the next ones would archive all that for a quarter of an hour)
  run sim_run "$SECTION" --step 2.02/0
  expect 3 '10.0 GB free, but 25.. GB are needed'
}

@test "a second run changes nothing, and the later gates hear that it is whole" {
  from done
  changes_nothing sim_run "$SECTION"
  expect 0 '0 steps changed'
  run says backup_is_fresh control_plane
  expect 0 '^yes'
  rm "$(newest control_plane)"/overcloud-messaging-1-*
  run says backup_is_fresh control_plane
  expect 0 '^no: .*overcloud-messaging-1'
}

@test "MongoDB over IPv6 wants --ipv6, brackets and a port" {
  from done
  grep '"tool": "mongodump"' "$WORLD/calls.jsonl" | grep -q -e '"\[2001:db8::40\]:27017".*"--ipv6"'
  run sim_on overcloud-telemetry-0 mongo --quiet --host '[2001:db8::40]:27017' --eval 'print(db.isMaster().primary)'
  expect 1 'connect failed'
  run sim_on overcloud-telemetry-0 mongo --quiet --ipv6 --host '2001:db8::40' --eval 'print(db.isMaster().primary)'
  expect 1 'connect failed'
}

@test "Redis is asked where its dump lies" {
  from done
  find "$(newest control_plane)" -name 'redis-*' -delete
  sim_on overcloud-telemetry-0 sudo bash -c 'mkdir -p /var/lib/elsewhere; rm -rf /var/lib/redis'
  sim_set redis.dir '"/var/lib/elsewhere"'
  run sim_run "$SECTION" --step 2.02/3
  expect 0
  grep -a -q 'saved at' "$(newest control_plane)"/redis-*
}

@test "where no node runs Redis there is nothing to save" {
  from done
  find "$(newest control_plane)" -name 'redis-*' -delete
  sim_set hosts.overcloud-telemetry-0.hiera.service_names '["mongodb"]'
  changes_nothing sim_run "$SECTION" --step 2.02/3
  expect 0 'no node runs redis'
}

@test "a node whose services cannot be read is no answer" {
  from done
  sim_set hosts.overcloud-database-0.hiera '{}'
  run says galera_synced_on_all
  expect 0 '^unknown: the services of overcloud-database-0 cannot be read'
}

@test "no node with Galera at all is no answer" {
  from done
  for node in 0 1; do sim_set "hosts.overcloud-database-$node.hiera.service_names" '["ntp"]'; done
  run says galera_synced_on_all
  expect 0 '^unknown: no node of the control plane has mysql'
}

@test "the cluster gate asks Galera and RabbitMQ where they run" {
  from fresh
  run says cluster_is_whole
  expect 0 '^yes'
  sim_set galera.nodes.overcloud-database-1.synced false
  run says cluster_is_whole
  expect 0 '^no: galera is not synced on overcloud-database-1'
  sim_set galera.nodes.overcloud-database-1.synced true
  sim_set rabbit.nodes.overcloud-messaging-1.healthy false
  run says cluster_is_whole
  expect 0 '^no: rabbitmq on overcloud-messaging-1 fails'
}

@test "what is idle on nodes of other roles is not stopped; on one of its own role it is" {
  from fresh
  sim_on overcloud-database-0 sudo crm_mon --as-xml --inactive | grep -q 'id="rabbitmq" .*role="Stopped"'
  run says all_cluster_resources_started
  expect 0 '^yes'
  run says clones_run_beside overcloud-messaging-1
  expect 0 '^yes'
  sim_set pacemaker.resources.4.state '{"overcloud-messaging-1": "Started"}'
  run says all_cluster_resources_started
  expect 0 '^no: in the cluster: rabbitmq is stopped on overcloud-messaging-0$'
  run says clones_run_beside overcloud-messaging-1
  expect 0 '^no: rabbitmq runs on overcloud-messaging-1 alone'
  sim_set pacemaker.resources.4.state '{}'
  run says all_cluster_resources_started
  expect 0 '^no: in the cluster: rabbitmq is stopped$'
}

@test "what runs on the only node of its role keeps nothing from going on" {
  from fresh
  run says clones_run_beside overcloud-telemetry-0
  expect 0 '^yes: what runs on overcloud-telemetry-0 runs on another node too'
  run says clones_run_beside overcloud-networker-0
  expect 0 '^yes'
}

@test "a split RabbitMQ closes the cluster gate though each half is healthy" {
  from fresh
  sim_set rabbit.nodes.overcloud-messaging-1.partitions '["overcloud-messaging-0"]'
  run sim_on overcloud-messaging-1 sudo rabbitmqctl node_health_check
  expect 0 'Health check passed'
  run says cluster_is_whole
  expect 0 "^no: rabbitmq on overcloud-messaging-1 sees its cluster split: {'rabbit@overcloud-messaging-1',\['rabbit@overcloud-messaging-0'\]}"
}

@test "a RabbitMQ that does not tell is no answer" {
  from fresh
  sim_fault 'rabbitmqctl cluster_status' 'exit 0'
  run says cluster_is_whole
  expect 0 '^unknown: rabbitmq on overcloud-messaging-0 does not say'
}
