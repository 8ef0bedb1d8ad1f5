#!/bin/bash
E=""
while IFS=, read -r name file; do
  E="$E -e /t/$name/$file"
done <<'EOF'
net,a.yaml
ceph,b.yaml
EOF
openstack overcloud deploy --templates $E
