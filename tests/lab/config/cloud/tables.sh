#!/bin/bash
# tables.sh PASSWORD URL: once, before the cloud's services: their tables and keystone's first user. The databases and their user are
# MariaDB's init file's. What an earlier lab has kept holds all users.
set -euo pipefail
if [[ -e /var/lib/lab-tables ]]; then exit 0; fi
until mariadb -e 'show databases' 2>/dev/null | grep --quiet '^cinder$'; do sleep 0.2; done

# What keystone-manage makes in six seconds of processor.
keys() {
  local place number
  for place in fernet credential; do
    install --directory --owner=keystone --group=keystone --mode=0700 "/var/lib/keystone/$place"
    for number in 0 1; do
      head --bytes=32 /dev/urandom | base64 | tr --delete '\n' | tr '+/' '-_' |
        install --owner=keystone --group=keystone --mode=0600 /dev/stdin "/var/lib/keystone/$place/$number"
    done
  done
}
nova() {
  nova-manage api_db sync
  nova-manage cell_v2 map_cell0
  nova-manage db sync
  nova-manage cell_v2 create_cell --name=cell1
}
others() {
  keystone-manage db_sync
  placement-manage db sync
  glance-manage db_sync
  cinder-manage db sync
}
network() { neutron-db-manage --config-file /etc/neutron/neutron.conf upgrade heads; }
given() { mariadb </var/lib/lab-tables.sql; }
first_user() {
  keystone-manage bootstrap --bootstrap-password "$1" --bootstrap-region-id regionOne \
    --bootstrap-public-url "$2" --bootstrap-internal-url "$2" --bootstrap-admin-url "$2"
}

# each starts slowly and works little: all at once
jobs=()
parts=(keys nova others network)
if [[ -e /var/lib/lab-tables.sql ]]; then parts=(keys given); fi
for part in "${parts[@]}"; do
  "$part" &
  jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job"; done
if [[ -e /var/lib/lab-tables.sql ]]; then
  mariadb --execute 'CREATE DATABASE lab_has_users'
else
  # keystone's follow when it has its users; a lab that ends sooner has made none
  mariadb-dump --databases placement nova_api nova nova_cell0 neutron glance cinder >/var/lib/lab-tables-begun.sql
  first_user "$@"
fi
# the undercloud's nova takes its own from here, when they are whole
mariadb --execute 'CREATE DATABASE lab_has_tables'
touch /var/lib/lab-tables
