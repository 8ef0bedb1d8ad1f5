openstack overcloud deploy --templates \
  -e /t/a.yaml `# network` \
  -e /t/b.yaml $(: storage) \
  --ntp-server 192.0.2.1
