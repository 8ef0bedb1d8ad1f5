#!/bin/bash
openstack overcloud deploy --templates -e /t/a.yaml > deploy.log 2>&1 &
PID=$!
wait $PID
