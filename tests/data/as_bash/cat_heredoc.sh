#!/bin/bash
OPTS=$(cat <<EOF
--templates
-e /t/a.yaml
-e /t/b.yaml
EOF
)
openstack overcloud deploy $OPTS --timeout 90
