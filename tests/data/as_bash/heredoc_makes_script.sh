#!/bin/bash
cat > made/deploy.sh <<EOF
openstack overcloud deploy --templates -e /t/old.yaml
EOF
openstack overcloud deploy --templates -e /t/new.yaml
