su - stack -c "source stackrc; cd /srv/deploy && openstack overcloud deploy --templates -e a.yaml -e b.yaml"
