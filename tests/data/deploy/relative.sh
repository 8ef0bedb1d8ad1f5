openstack overcloud deploy --templates -e a.yaml -e dir/b.yaml
