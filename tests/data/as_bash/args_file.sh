#!/bin/bash
ARGS=$(cat <<'EOF'
--templates
-e /home/stack/a.yaml   
-e /home/stack/b.yaml
EOF
)
openstack overcloud deploy $ARGS
