#!/bin/bash
if ! openstack overcloud deploy --templates -e /t/a.yaml; then
  openstack stack failures list overcloud
  exit 1
fi
