update_client_requires() { claimed units undercloud && no_process_like 'openstack undercloud upgrade'; }
update_client_satisfied() { undercloud_up_to_date python-tripleoclient; }
update_client_apply() {
  # departs: patched
  keep_patched_files python-tripleoclient
  sudo yum update -y python-tripleoclient
}
update_client_verify() { undercloud_up_to_date python-tripleoclient; }
