#!/bin/bash
ROLES=/home/stack/roles.yaml
NETS=
openstack overcloud deploy --templates ${ROLES:+-r $ROLES} ${NETS:+-n $NETS} -e /home/stack/a.yaml
