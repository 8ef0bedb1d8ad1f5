#!/bin/bash
while read f; do E="$E -e $f"; done <<'EOF'
/t/a\ b.yaml
EOF
openstack overcloud deploy --templates $E
