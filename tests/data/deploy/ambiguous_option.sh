openstack overcloud deploy --templates -e /t/a.yaml --neutron-tunnel vxlan
