database_replication_check() {
  # departs: by-name
  judge_where_it_runs mysql Galera settle_galera
}

settle_galera() {
  settle "galera to be synced on ${1//$'\n'/, }" judge_galera "$1"
  pass_unless_found "galera is synced on ${1//$'\n'/, }"
}
