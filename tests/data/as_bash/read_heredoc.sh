#!/bin/bash
read -r -d '' OPTS <<EOF
-e /t/a.yaml
-e /t/b.yaml
EOF
openstack overcloud deploy --templates $OPTS
