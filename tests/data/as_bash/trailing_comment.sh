#!/bin/bash
openstack overcloud deploy --templates -e /t/a.yaml --ntp-server 192.0.2.1 #--debug 2>&1
