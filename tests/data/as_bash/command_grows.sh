#!/bin/bash
CMD="openstack overcloud deploy"
CMD+=" --templates /usr/share/openstack-tripleo-heat-templates"
for e in net storage; do
  CMD="$CMD -e /home/stack/$e.yaml"
done
echo "$CMD"
$CMD 2>&1 | tee -a ~/deploy.log
