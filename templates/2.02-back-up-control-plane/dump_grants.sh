dump_grants_requires() { backup_is_young control_plane && control_plane_mysql_answers; }
dump_grants_satisfied() { backup_keeps control_plane openstack_databases_grants-STAMP.sql; }
dump_grants_apply() {
  local set node file queries
  set=$(backup_set control_plane)
  file=openstack_databases_grants-$(stamp_of "$set").sql
  node=$(synced_node)
  hear_root_on "$node" with_mysql_login mysql -s -N --raw -e "SELECT CONCAT('SHOW GRANTS FOR ',QUOTE(user),'@',QUOTE(host),';') FROM mysql.user where (length(user) > 0 and user NOT LIKE 'root')"
  queries=$SAID
  must_be_there 'users but root' "$queries"
  # departs: grants
  hear_root_on "$node" with_mysql_login mysql -s -N --raw -e "$queries"
  printf '%s\n' "$SAID" | sed 's/$/;/' | in_time sudo tee -- "$set/$file.part" >/dev/null
  as_root grants_must_hold "$set/$file.part" "$(wc --lines <<<"$queries")"
  keep_piece "$set" "$file"
}
dump_grants_verify() { backup_keeps control_plane openstack_databases_grants-STAMP.sql; }

# Run by root: statements alone, and at least one for each user.
grants_must_hold() {
  awk -v users="$2" '/^GRANT .*;$/ { grants++; next }
    { others++ }
    END {
      if (grants >= users && !others) exit 0
      printf "%s holds %d grants and %d other lines, but there are %d users\n", FILENAME, grants, others, users >"/dev/stderr"
      exit 1
    }' "$1"
}
