#!/bin/bash
# Once, before the cloud's services: their tables and keystone's first user. The databases and their user are MariaDB's init file's.
set -euo pipefail
if [[ -e /var/lib/lab-tables ]]; then exit 0; fi
LOGIN=()
. /root/synced.sh
until mariadb -e 'show databases' 2>/dev/null | grep --quiet '^cinder$'; do sleep 0.2; done

keystone() {
  install --directory --owner=keystone --group=keystone --mode=0700 /var/lib/keystone/fernet /var/lib/keystone/credential
  keystone-manage fernet_setup --keystone-user keystone --keystone-group keystone
  keystone-manage credential_setup --keystone-user keystone --keystone-group keystone
  synced keystone keystone-manage db_sync
  keystone-manage bootstrap --bootstrap-password "$1" --bootstrap-region-id regionOne \
    --bootstrap-public-url "$2" --bootstrap-internal-url "$2" --bootstrap-admin-url "$2"
}
nova() {
  synced nova_api nova-manage api_db sync
  nova-manage cell_v2 map_cell0
  # one command makes the tables of both
  if [[ ! -s $KEPT/nova_cell0.sql ]]; then rm --force -- "$KEPT/nova.sql"; fi
  synced nova nova-manage db sync
  synced nova_cell0 true
  nova-manage cell_v2 create_cell --name=cell1
}
others() {
  synced placement placement-manage db sync
  synced glance glance-manage db_sync
  synced cinder cinder-manage db sync
}
network() { synced neutron neutron-db-manage --config-file /etc/neutron/neutron.conf upgrade heads; }

# each starts slowly and works little: all at once
declare -a jobs=()
keystone "$@" & jobs+=($!)
nova & jobs+=($!)
others & jobs+=($!)
network & jobs+=($!)
for job in "${jobs[@]}"; do wait "$job"; done
touch /var/lib/lab-tables
