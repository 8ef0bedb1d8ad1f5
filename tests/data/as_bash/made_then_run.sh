#!/bin/bash
mkdir -p ~/bin
cat << 'EOF' > ~/bin/overcloud-deploy.sh
exec openstack overcloud deploy \
  --templates /usr/share/openstack-tripleo-heat-templates \
  -e ~/templates/network.yaml
EOF
chmod +x ~/bin/overcloud-deploy.sh
bash ~/bin/overcloud-deploy.sh
