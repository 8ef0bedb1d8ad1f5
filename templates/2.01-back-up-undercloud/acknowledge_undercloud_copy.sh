acknowledge_undercloud_copy_requires() { backup_is_fresh undercloud; }
acknowledge_undercloud_copy_satisfied() { copy_is_acknowledged undercloud; }
acknowledge_undercloud_copy_attend() { ask_for_copy undercloud; }
acknowledge_undercloud_copy_verify() { copy_is_acknowledged undercloud; }
