# If our list is there an earlier run was cut short: its gates were passed then, and heat cannot be asked once it is stopped.
stop_services_requires() { either claimed units undercloud -- undercloud_may_stop; }
stop_services_shown() { show_patched_files; }
stop_services_satisfied() { claimed units undercloud && claimed_units_stopped undercloud; }
stop_services_apply() {
  # departs: list
  claim units undercloud 'openstack-*' 'neutron-*' httpd.service
  in_time sudo systemctl stop 'openstack-*' 'neutron-*' httpd
}
stop_services_verify() { claimed_units_stopped undercloud; }

undercloud_may_stop() {
  unless_forced backup_is_fresh undercloud && no_process_like 'openstack undercloud upgrade' && nothing_is_deployed
}

nothing_is_deployed() { unless_half_upgraded heat_is_idle && unless_half_upgraded no_node_is_deploying; }

# unless_half_upgraded QUESTION: if our upgrade was interrupted, heat or ironic may not answer until it is completed.
unless_half_upgraded() {
  local status=0
  "$1"
  status=$?
  if ((status < 2)); then return "$status"; fi
  half_upgraded || return 2
  why 'an undercloud upgrade started by this change was interrupted, and heat or ironic has not answered since'
}
