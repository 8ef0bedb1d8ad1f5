cd /home/stack
openstack overcloud deploy --environment-directory templates/env.d --environment-directory=/srv/env --templates -e last.yaml
