ls
exit
source ~/stackrc
openstack overcloud deploy --templates -e /t/a.yaml
