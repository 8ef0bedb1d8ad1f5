#!/bin/bash
PARAMS="$*"
USER_THT="$HOME/osp10_ref"

if [[ ! -f 'roles_data.yaml' ]]; then
	openstack overcloud roles generate -o $HOME/roles_data.yaml Controller Compute
fi

openstack overcloud deploy $PARAMS \
    --templates \
    --timeout 120 \
    -r $HOME/roles_data.yaml \
    -e $USER_THT/network.yaml
