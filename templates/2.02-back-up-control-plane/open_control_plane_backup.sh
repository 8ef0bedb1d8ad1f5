open_control_plane_backup_requires() { backup_dir_is_private && control_plane_backup_has_room; }
open_control_plane_backup_satisfied() { backup_is_young control_plane; }
open_control_plane_backup_apply() { begin_backup control_plane; }
open_control_plane_backup_verify() { backup_is_young control_plane; }

# Each controller has the databases on its disk; they are dumped once.
control_plane_backup_has_room() {
  local node bytes
  local -i sum=0
  while IFS= read -r node; do
    bytes=$(measure_controller "$node") || return 2
    sum=$((sum + bytes))
  done < <(nodes_in controllers)
  node=$(first_of controllers) || return 2
  bytes=$(as_root_on "$node" measure - /var/lib/mysql /var/lib/mongodb) || return 2
  backup_dir_has_room $((sum + bytes))
}
