#!/bin/bash
nohup timeout -k 10 4h stdbuf -oL nice -n 5 openstack overcloud deploy --templates -e /home/stack/a.yaml > /dev/null 2>&1 &
wait
