openstack overcloud deploy --templates -e /t/a.yaml --update-plan-only
openstack overcloud deploy -e /t/a.yaml --templates
