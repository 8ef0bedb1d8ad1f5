openstack overcloud deploy --templates \
　-e /t/a.yaml
