open_control_plane_backup_requires() { backup_dir_is_private && control_plane_backup_has_room; }
open_control_plane_backup_satisfied() { backup_is_young control_plane; }
open_control_plane_backup_apply() { begin_backup control_plane; }
open_control_plane_backup_verify() { backup_is_young control_plane; }

# Several nodes have the databases on their disks; they are dumped once.
control_plane_backup_has_room() {
  local nodes node bytes
  local -i sum=0
  while IFS= read -r node; do
    bytes=$(measure_node "$node") || return 2
    sum=$((sum + bytes))
  done < <(nodes_in control_plane)
  nodes=$(some_nodes_with mysql) || return 2
  bytes=$(as_root_on "${nodes%%$'\n'*}" measure - /var/lib/mysql) || return 2
  sum=$((sum + bytes))
  node=$(mongodb_node) || return 2
  if [[ -n $node ]]; then
    bytes=$(as_root_on "$node" measure - /var/lib/mongodb) || return 2
    sum=$((sum + bytes))
  fi
  backup_dir_has_room "$sum"
}
