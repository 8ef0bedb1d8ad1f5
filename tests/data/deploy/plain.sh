#!/bin/bash
source ~/stackrc
openstack overcloud deploy --templates \
  -e /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml \
  -e /home/stack/templates/network-environment.yaml \
  --ntp-server 192.0.2.1
