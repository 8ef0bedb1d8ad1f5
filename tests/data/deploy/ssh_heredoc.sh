#!/bin/bash
UNDERCLOUD=192.0.2.1
SSH_OPTIONS=(-o StrictHostKeyChecking=no -o LogLevel=ERROR)
DEPLOY_OPTIONS="-e network-environment.yaml"
DEPLOY_OPTIONS+=" -e opendaylight.yaml --control-scale 3"
ssh -T ${SSH_OPTIONS[@]} "stack@$UNDERCLOUD" <<EOI
source stackrc
openstack overcloud deploy --templates $DEPLOY_OPTIONS --timeout 90
if ! openstack stack list | grep CREATE_COMPLETE 1>/dev/null; then
  exit 1
fi
EOI
