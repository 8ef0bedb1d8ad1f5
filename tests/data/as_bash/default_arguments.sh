#!/bin/bash
THT=${THT:-/usr/share/openstack-tripleo-heat-templates}
OVERCLOUD_DEPLOY_ARGS=${OVERCLOUD_DEPLOY_ARGS:-"-e $THT/environments/network-isolation.yaml -e /home/stack/net.yaml"}
openstack overcloud deploy --templates $THT $OVERCLOUD_DEPLOY_ARGS
