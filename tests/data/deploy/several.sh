openstack overcloud deploy --templates -e /t/a.yaml
# later: storage
openstack overcloud deploy --templates -e /t/a.yaml -e /t/storage.yaml
