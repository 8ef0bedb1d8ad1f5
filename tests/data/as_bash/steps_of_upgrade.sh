#!/bin/bash
THT=/usr/share/openstack-tripleo-heat-templates
ENVS="-e $THT/environments/network-isolation.yaml -e $HOME/net.yaml"
deploy() { openstack overcloud deploy --templates $THT $ENVS "$@"; }
deploy -e $THT/environments/major-upgrade-ceilometer-wsgi-mitaka-newton.yaml
deploy -e $THT/environments/major-upgrade-pacemaker-init.yaml
deploy -e $THT/environments/major-upgrade-pacemaker-converge.yaml
deploy
