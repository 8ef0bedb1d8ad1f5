#!/bin/bash
: ${DEPLOY_ARGS:="-e /usr/share/openstack-tripleo-heat-templates/environments/puppet-pacemaker.yaml -e $HOME/net.yaml"}
: ${DEPLOY_EXTRA_ARGS:="--neutron-bridge-mappings datacentre:br-floating"}
LIGHT=
[ "x$LIGHT" != "x" ] && DEPLOY_ARGS="-e $HOME/light.yaml"
if [ "${RELEASE:=newton}" == "mitaka" ]
 then
  DEPLOY_ARGS="$DEPLOY_ARGS -e $HOME/mitaka.yaml"
fi
openstack overcloud deploy --libvirt-type=kvm --templates $DEPLOY_ARGS $DEPLOY_EXTRA_ARGS || FAILED=1
