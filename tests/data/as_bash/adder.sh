#!/bin/bash
ENV_ARGS=()
add_env() { local f; for f in "$@"; do ENV_ARGS+=(-e "${BASE:-/home/stack/templates}/$f"); done; }
add_env network.yaml storage.yaml
BASE=/usr/share/openstack-tripleo-heat-templates/environments add_env network-isolation.yaml
if [[ ${WITH_CEPH:-no} = yes ]]; then add_env ceph.yaml; fi
openstack overcloud deploy --templates "${ENV_ARGS[@]}"
