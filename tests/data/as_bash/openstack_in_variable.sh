#!/bin/bash
OS="openstack --os-cloud undercloud"
OSC=openstack
$OSC overcloud deploy --templates -e /t/a.yaml
$OS overcloud deploy --templates -e /t/b.yaml
