#!/bin/bash
E=()
while read -r f; do
  E+=(-e "$f")
done <<EOF
/t/a.yaml
/t/b.yaml
EOF
openstack overcloud deploy --templates "${E[@]}"
