#!/bin/bash
STACKNAME=overcloud
function deploy_it {
time openstack overcloud deploy --templates \
  -e ~/templates/a.yaml \
  --environment-directory ~/environments \
  --stack $STACKNAME
}
function update_it {
  sudo yum -y update
}
case "${1:-deploy}" in
  deploy) deploy_it ;;
  update) update_it ;;
esac
