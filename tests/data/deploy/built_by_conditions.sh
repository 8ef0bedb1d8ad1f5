#!/bin/bash
ha=True
OPTIONS=" -e /t/main.yaml"
if [[ "$ha" == "True" ]]; then
  OPTIONS+=" --control-scale 3 -e /t/pacemaker.yaml"
fi
case $ha in
  False) OPTIONS+=" -e /t/single.yaml" ;;
esac
openstack overcloud deploy --templates $OPTIONS --timeout $((60 + 30))
