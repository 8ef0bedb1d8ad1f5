cat > overcloud-deploy.sh <<EOF
openstack overcloud deploy --templates -e $HOME/a.yaml
EOF
