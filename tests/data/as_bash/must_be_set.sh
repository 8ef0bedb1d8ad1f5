#!/bin/bash
STACK=prod
: "${STACK:?say the stack}" ${THT:=/usr/share/openstack-tripleo-heat-templates}
openstack overcloud deploy --stack "${STACK:?}" --templates "$THT"
