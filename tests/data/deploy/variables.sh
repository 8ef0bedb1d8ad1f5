THT=/usr/share/openstack-tripleo-heat-templates
CUSTOM=~/custom
STACK=prod
export NTP="192.0.2.1,192.0.2.2"
openstack overcloud deploy --stack "$STACK" --templates $THT -e ${THT}/environments/storage-environment.yaml -e $CUSTOM/${STACK}.yaml --ntp-server $NTP
