#!/bin/bash
THT=/usr/share/openstack-tripleo-heat-templates
echo "openstack overcloud deploy --templates $THT -e /t/a.yaml" | bash
