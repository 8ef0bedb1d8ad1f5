openstack overcloud deploy --templates -e /t/a.yaml; rc=$?
[ $rc -ne 0 ] && { openstack overcloud deploy --templates -e /t/a.yaml --debug; rc=$?; }
exit $rc
