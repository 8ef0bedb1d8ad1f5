deploy_cloud() {
  openstack overcloud deploy --templates -e "$1" --debug
}
