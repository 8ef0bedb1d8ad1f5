sudo systemd-run --uid=stack --unit=deploy /usr/bin/openstack overcloud deploy --templates -e /t/a.yaml
