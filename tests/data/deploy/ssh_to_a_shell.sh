ssh stack@uc bash -s <<'EOF'
source ~/stackrc
E=~/templates
openstack overcloud deploy --templates -e $E/a.yaml
EOF
