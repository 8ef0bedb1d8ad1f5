#!/bin/bash
xargs openstack overcloud deploy --templates <<'EOF'
-e /home/stack/a.yaml
-e /home/stack/b.yaml
EOF
