openstack overcloud deploy --templates /opt/tht /opt/other -e /t/a.yaml
