#!/bin/bash
HA=${HA-}
[ -z "$HA" ] && COUNT=1 || COUNT=3
openstack overcloud deploy --templates --control-scale $COUNT
