#!/bin/bash
declare -A ENVS=([net]=/home/stack/net.yaml)
ENVS[ceph]=/home/stack/ceph.yaml
openstack overcloud deploy --templates -e "${ENVS[net]}" -e "${ENVS[ceph]}"
