#!/bin/bash
export T=/t
bash -x <<'EOF'
openstack overcloud deploy --templates -e $T/a.yaml
EOF
