openstack overcloud deploy --templates -e=/t/a.yaml -e/t/b.yaml -t=90 -r=/t/roles.yaml
