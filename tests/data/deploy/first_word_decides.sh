#!/bin/bash
if [ "$1" = full ]; then MORE="-e /home/stack/full.yaml"; else MORE=; fi
openstack overcloud deploy --templates -e /home/stack/network.yaml $MORE
