cd /home/stack
openstack overcloud deploy --templates "~/tht" --environment-file=~/a.yaml -e ~/b.yaml
