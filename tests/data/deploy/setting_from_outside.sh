#!/bin/bash
case "$SITE" in
  osaka) NTP=10.0.0.1 ;;
  *) NTP=10.0.0.2 ;;
esac
[[ $LEVEL == debug ]] && DEBUG=--debug || DEBUG=
openstack overcloud deploy --templates --ntp-server $NTP $DEBUG -e /home/stack/network.yaml
