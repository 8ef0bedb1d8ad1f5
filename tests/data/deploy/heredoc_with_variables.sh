UC=192.0.2.5
SSH_OPTIONS=(-o StrictHostKeyChecking=no)
OPTS="-e /t/a.yaml -e net.yaml"
cd /srv/elsewhere
ssh -T ${SSH_OPTIONS[@]} "stack@$UC" <<EOF
source stackrc
openstack overcloud deploy --templates $OPTS \
  -e \$HOME/b.yaml -e $MISSPELT/c.yaml
EOF
