openstack overcloud deploy –templates -e /t/a.yaml \
  -e /t/b.yaml --stack “prod”
