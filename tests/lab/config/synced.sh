# synced DATABASE COMMAND...: the tables that the command makes. What it has made once on this machine is loaded the next time, which
# takes a tenth of it; how to reach the databases is in LOGIN.
KEPT=/var/cache/lab
synced() {
  local kept=$KEPT/$1.sql
  if [[ -s $kept ]]; then
    mariadb "${LOGIN[@]}" "$1" <"$kept"
    return
  fi
  "${@:2}"
  mariadb-dump "${LOGIN[@]}" --single-transaction "$1" >"$kept.$$"
  mv -- "$kept.$$" "$kept"
}
