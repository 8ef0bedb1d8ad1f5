#!/bin/bash
source "$(dirname "$0")/beside/settings.sh"
openstack overcloud deploy --templates $TEMPLATES -e $TEMPLATES/net.yaml --ntp-server $NTP
