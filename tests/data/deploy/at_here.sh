at now + 1 minute <<EOF
openstack overcloud deploy --templates -e /t/a.yaml
EOF
