THT=/t
. ./site.conf
openstack overcloud deploy --templates $THT -e $THT/a.yaml
