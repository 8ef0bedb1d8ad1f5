openstack overcloud deploy --templ --environment-f /t/a.yaml --neutron-network-t vxlan --neutron-tunnel-t vxlan -t 120
