copy_undercloud_backup_requires() { backup_is_fresh undercloud && copy_is_elsewhere && copy_has_room undercloud; }
copy_undercloud_backup_satisfied() { backup_is_copied undercloud; }
copy_undercloud_backup_apply() { copy_backup undercloud; }
copy_undercloud_backup_verify() { backup_is_copied undercloud; }
