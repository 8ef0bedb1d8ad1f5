#!/bin/bash
# tables.sh ADDRESS PASSWORD: once, before the undercloud's services: their tables, in the MariaDB at ADDRESS.
set -euo pipefail
if [[ -e /var/lib/lab-tables ]]; then exit 0; fi
login=(--no-defaults "--host=$1" --user=lab "--password=$2")

ask() { mariadb "${login[@]}" --batch --skip-column-names --execute "$1"; }
until ask 'select 1' >/dev/null 2>&1; do sleep 0.2; done

# Nova's are those of the overcloud's nova under other names, which takes a tenth of the time.
nova() {
  local name
  until [[ -n $(ask "show databases like 'lab_has_tables'") ]]; do sleep 0.2; done
  for name in nova_api nova nova_cell0; do
    ask "CREATE DATABASE undercloud_$name CHARACTER SET utf8mb3"
    mariadb-dump "${login[@]}" "$name" | mariadb "${login[@]}" "undercloud_$name"
  done
  # what the overcloud's services may have said of themselves meanwhile
  ask 'DELETE FROM undercloud_nova.services; DELETE FROM undercloud_nova.compute_nodes; DELETE FROM undercloud_nova_api.host_mappings'
  ask "UPDATE undercloud_nova_api.cell_mappings SET database_connection = replace(database_connection, '/nova', '/undercloud_nova'),
    transport_url = if(transport_url LIKE 'none%', transport_url, concat(transport_url, 'undercloud'))"
}
heat() {
  ask 'CREATE DATABASE heat CHARACTER SET utf8mb3'
  heat-manage db_sync
}
ironic() {
  ask 'CREATE DATABASE ironic CHARACTER SET utf8mb3'
  ironic-dbsync create_schema
}
given() { mariadb "${login[@]}" </var/lib/lab-tables.sql; }

jobs=()
parts=(nova heat ironic)
if [[ -e /var/lib/lab-tables.sql ]]; then parts=(given); fi
for part in "${parts[@]}"; do
  "$part" &
  jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job"; done
if [[ ! -e /var/lib/lab-tables.sql ]]; then
  mariadb-dump "${login[@]}" --databases heat ironic undercloud_nova_api undercloud_nova undercloud_nova_cell0 >/var/lib/lab-tables-made.sql
fi
# nova gives up where its own user is not known yet
until [[ -n $(ask "show databases like 'lab_has_users'") ]]; do sleep 0.2; done
touch /var/lib/lab-tables
