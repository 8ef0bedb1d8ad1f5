openstack overcloud deploy --templates \
  -e /t/a.yaml \
  # -e /t/old.yaml \
  -e /t/b.yaml \
  --ntp-server 192.0.2.1
