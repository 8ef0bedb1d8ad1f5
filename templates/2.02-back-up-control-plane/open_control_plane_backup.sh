open_control_plane_backup_requires() { backup_dir_is_private && control_plane_backup_has_room; }
open_control_plane_backup_satisfied() { backup_is_young control_plane; }
open_control_plane_backup_apply() { begin_backup control_plane; }
open_control_plane_backup_verify() { backup_is_young control_plane; }

control_plane_backup_has_room() {
  local node bytes sum
  sum=$(bytes_of_databases) || return 2
  while IFS= read -r node; do
    bytes=$(measure_node "$node") || return 2
    numbers sum bytes || return 2
    sum=$((sum + bytes))
  done < <(nodes_in control_plane)
  backup_dir_has_room "$sum"
}

# Several nodes have them on their disks; they are dumped once.
bytes_of_databases() {
  local nodes node='' bytes sum
  find_some_nodes_with mysql || return 2
  nodes=$SAID
  patiently hear_root_on "${nodes%%$'\n'*}" measure - /var/lib/mysql || return 2
  sum=$SAID
  numbers sum || return 2
  if [[ $MONGODB != false ]]; then node=$(mongodb_node) || return 2; fi
  if [[ -n $node ]]; then
    bytes=$(bytes_of_mongodb "$node") || return 2
    numbers bytes || return 2
    sum=$((sum + bytes))
  fi
  printf '%s\n' "$sum"
}
