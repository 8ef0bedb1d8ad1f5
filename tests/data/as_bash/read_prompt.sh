#!/bin/bash
read -p "Deploy? " answer < /dev/null
if [[ $answer != no ]]; then
  openstack overcloud deploy --templates -e /t/a.yaml
fi
