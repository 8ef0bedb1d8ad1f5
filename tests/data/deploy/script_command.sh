#!/bin/bash
script -q -c "openstack overcloud deploy --templates -e /home/stack/a.yaml" /dev/null
