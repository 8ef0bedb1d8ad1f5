openstack overcloud deploy --templates -n /t/network_data.yaml -e /t/a.yaml --disable-validations --container-registry-file=/t/reg.yaml
