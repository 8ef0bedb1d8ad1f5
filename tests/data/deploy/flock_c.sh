flock -n /tmp/deploy.lock -c "openstack overcloud deploy --templates -e /t/a.yaml"
