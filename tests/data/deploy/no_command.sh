# openstack overcloud deploy --templates
echo nothing
