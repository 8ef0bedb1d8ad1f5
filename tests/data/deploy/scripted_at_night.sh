THT=/usr/share/openstack-tripleo-heat-templates
printf 'source ~/stackrc\nopenstack overcloud deploy --templates %s -e /t/a.yaml\n' $THT | at 22:00
