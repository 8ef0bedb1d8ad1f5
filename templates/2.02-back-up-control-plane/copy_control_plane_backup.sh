copy_control_plane_backup_requires() { backup_is_fresh control_plane && copy_is_elsewhere && copy_has_room control_plane; }
copy_control_plane_backup_satisfied() { backup_is_copied control_plane; }
copy_control_plane_backup_apply() { copy_backup control_plane; }
copy_control_plane_backup_verify() { backup_is_copied control_plane; }
