openstack overcloud deploy --templates -e /t/a.yaml
if [ -f x ]
  echo
fi
