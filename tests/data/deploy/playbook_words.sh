openstack overcloud deploy --templates {{ tht }} -e /t/a.yaml
