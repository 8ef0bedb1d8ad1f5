#!/bin/bash
# the form of scripts that quickstart generates
set -u
: ${DEPLOY_ENV_YAML:=}
status_code=0
openstack overcloud deploy \
    --templates /usr/share/openstack-tripleo-heat-templates \
    --libvirt-type qemu --control-flavor oooq_control --timeout 90 \
    -e $HOME/cloud-names.yaml    -e /usr/share/openstack-tripleo-heat-templates/environments/puppet-pacemaker.yaml \
    --validation-warnings-fatal   --compute-scale 1 --control-scale 3  --ntp-server 192.0.2.123 \
    ${DEPLOY_ENV_YAML:+-e $DEPLOY_ENV_YAML} "$@" && status_code=0 || status_code=$?
openstack stack failures list overcloud --long || true
exit $status_code
