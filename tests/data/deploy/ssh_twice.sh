#!/usr/bin/env bash
SSH_OPTIONS=(-o StrictHostKeyChecking=yes -o LogLevel=error)
UNDERCLOUD=192.0.2.1
DEPLOY_OPTIONS=" -e /home/stack/network-environment.yaml"
DEPLOY_OPTIONS+=" -e /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml"
num_control_nodes=3
DEPLOY_OPTIONS+=" --control-scale ${num_control_nodes} --ntp-server 192.0.2.9"

ssh -T ${SSH_OPTIONS[@]} "stack@$UNDERCLOUD" <<EOI
source stackrc
set -o errexit
cat > deploy_command << EOF
openstack overcloud deploy --templates $DEPLOY_OPTIONS --timeout 90
EOF
EOI

ssh -T ${SSH_OPTIONS[@]} "stack@$UNDERCLOUD" <<EOI
source stackrc
openstack overcloud deploy --templates $DEPLOY_OPTIONS --timeout 90
if ! openstack stack list | grep CREATE_COMPLETE 1>/dev/null; then
  $(typeset -f debug_stack)
  exit 1
fi
EOI
