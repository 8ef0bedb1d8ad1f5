#!/bin/bash
STACKNAME=rht
function deploy_it {
time openstack overcloud deploy --templates \
  -e ~/templates/images.yaml \
  --environment-directory ~/environments \
  --stack $STACKNAME
}
test "$(whoami)" = root || true
deploy_it
