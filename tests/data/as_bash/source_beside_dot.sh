#!/bin/bash
. beside/settings.sh
openstack overcloud deploy --templates "${ENVIRONMENTS[@]}"
