openstack overcloud deploy --templates -e /t/a.yaml
exit $?
# before the move
openstack overcloud deploy --templates -e /t/old.yaml
