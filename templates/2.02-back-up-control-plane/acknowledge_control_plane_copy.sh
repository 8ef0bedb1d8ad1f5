acknowledge_control_plane_copy_requires() { backup_is_fresh control_plane; }
acknowledge_control_plane_copy_satisfied() { copy_is_acknowledged control_plane; }
acknowledge_control_plane_copy_attend() { ask_for_copy control_plane; }
acknowledge_control_plane_copy_verify() { copy_is_acknowledged control_plane; }
