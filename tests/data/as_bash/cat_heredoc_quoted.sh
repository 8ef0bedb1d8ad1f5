#!/bin/bash
T=/x
ARGS=$(cat <<'EOF'
-e $T/a.yaml
EOF
)
openstack overcloud deploy --templates $ARGS
