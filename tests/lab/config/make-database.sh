#!/bin/bash
# make-database.sh DATA SCRIPT: a cluster of one in a network of its own, with what SCRIPT says, shut down well in the folder DATA.
set -euo pipefail
data=$1 script=$2
ip link set lo up

mariadb-install-db --no-defaults --user=root --datadir="$data" --skip-test-db --skip-name-resolve \
  --auth-root-authentication-method=normal --innodb-use-native-aio=0 --innodb-flush-method=fsync --innodb-log-file-size=8M >"$data.log" 2>&1 ||
  { tail -5 "$data.log"; exit 1; }

mariadbd --no-defaults --user=root --datadir="$data" --socket="$data.sock" --pid-file="$data.pid" --skip-name-resolve --bind-address=127.0.0.1 \
  --innodb-use-native-aio=0 --innodb-flush-method=fsync --innodb-log-file-size=8M --innodb-flush-log-at-trx-commit=0 \
  --binlog-format=ROW --innodb-autoinc-lock-mode=2 --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so \
  --wsrep-provider-options='gcache.size=16M' --wsrep-cluster-name=galera_cluster --wsrep-node-address=127.0.0.1 --wsrep-cluster-address=gcomm://  \
  >>"$data.log" 2>&1 &
server=$!
trap 'kill -KILL "$server" 2>/dev/null || :' EXIT

client=(mariadb --no-defaults --socket="$data.sock" --user=root --default-character-set=utf8mb4)
until "${client[@]}" --silent --skip-column-names --execute "SHOW STATUS LIKE 'wsrep_ready'" 2>/dev/null | grep -qw ON; do
  kill -0 "$server" 2>/dev/null || { tail -20 "$data.log"; exit 1; }
  sleep 0.2
done
"${client[@]}" <"$script"
kill "$server"
wait "$server"
rm -f "$data/galera.cache" "$data"/*.pid
chmod 0755 "$data"
