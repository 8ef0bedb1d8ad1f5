#!/bin/bash
mapfile -t FILES <<EOF
/t/a.yaml
/t/b.yaml
EOF
openstack overcloud deploy --templates "${FILES[@]/#/-e}"
