#!/bin/bash
openstack overcloud deploy --templates -e /t/a.yaml || { echo failed; exit 1; }
if [ $? -ne 0 ]; then
  openstack overcloud deploy --templates -e /t/again.yaml
fi
