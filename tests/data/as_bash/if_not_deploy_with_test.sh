#!/bin/bash
set -eu
THT=/usr/share/openstack-tripleo-heat-templates
MINE=~/ironic.yaml
if [ "${THT%/}" = "$THT" ]; then IRONIC="-e $THT/environments/services/ironic.yaml"; else IRONIC=; fi
if ! openstack overcloud deploy --templates $THT \
    -e $THT/environments/puppet-pacemaker.yaml \
    $IRONIC -e $MINE --ntp-server 192.0.2.250;
then
    echo DEPLOY FAILED
    exit 1
fi
