#!/bin/bash
read -r -d '' CMD <<EOF
openstack overcloud deploy --templates
  -e /home/stack/a.yaml
  -e /home/stack/b.yaml
EOF
eval $CMD
