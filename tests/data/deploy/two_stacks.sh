for region in east west; do
  openstack overcloud deploy --stack $region --templates -e /t/$region.yaml
done
