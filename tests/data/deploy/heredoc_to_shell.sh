ssh stack@192.0.2.1 <<'EOF'
source ~/stackrc
openstack overcloud deploy --templates -e /t/a.yaml
EOF
