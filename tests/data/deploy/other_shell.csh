#!/bin/csh
set THT = /usr/share/openstack-tripleo-heat-templates
setenv OS_CLOUD undercloud
openstack overcloud deploy --templates $THT -e $THT/environments/network-isolation.yaml
