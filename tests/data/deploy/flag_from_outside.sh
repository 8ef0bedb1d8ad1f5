#!/bin/bash
# CEPH=true ./deploy.sh
ENVS=()
if $CEPH; then ENVS+=(-e /home/stack/ceph.yaml); fi
openstack overcloud deploy --templates "${ENVS[@]}" -e /home/stack/network.yaml
