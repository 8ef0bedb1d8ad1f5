if [ "$1" = ceph ]; then
  openstack overcloud deploy --templates -e /t/a.yaml -e /t/ceph.yaml
else
  openstack overcloud deploy --templates -e /t/a.yaml
fi
