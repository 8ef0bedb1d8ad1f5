OPTS="-e /t/a.yaml -e net.yaml"
ssh stack@director <<EOF
openstack overcloud deploy --templates $OPTS \
  -e \$HOME/b.yaml -e \$NOWHERE/c.yaml
EOF
