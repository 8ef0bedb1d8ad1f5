update_client_requires() { claimed units undercloud && no_process_like 'openstack undercloud upgrade'; }
update_client_satisfied() { undercloud_updated python-tripleoclient; }
update_client_apply() {
  keep_offers offers-undercloud list_undercloud_offers
  # departs: patched
  keep_patched_files python-tripleoclient
  sudo yum update -y python-tripleoclient
}
update_client_verify() { undercloud_updated python-tripleoclient; }
