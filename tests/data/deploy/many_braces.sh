openstack overcloud deploy --templates -e/t/{1..900}.yaml --debug
