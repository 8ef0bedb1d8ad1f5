dump_undercloud_databases_requires() { backup_is_young undercloud && mysql_answers_on_undercloud; }
dump_undercloud_databases_satisfied() { backup_keeps undercloud undercloud-all-databases.sql; }
dump_undercloud_databases_apply() {
  local set
  set=$(backup_set undercloud)
  # departs: whole
  as_root with_root_login mysqldump --opt --all-databases --events --result-file="$set/undercloud-all-databases.sql.part"
  as_root dump_must_be_whole "$set/undercloud-all-databases.sql.part"
  keep_piece "$set" undercloud-all-databases.sql
}
dump_undercloud_databases_verify() { backup_keeps undercloud undercloud-all-databases.sql; }
