ssh uc sudo -u stack bash -s <<'EOF'
openstack overcloud deploy --templates -e /t/a.yaml
EOF
