EXTRA=""
if [ -f /t/ceph.yaml ]; then EXTRA="-e /t/ceph.yaml"; fi
openstack overcloud deploy --templates -e /t/a.yaml $EXTRA
