#!/bin/bash
yes | openstack overcloud deploy --templates -e /t/a.yaml
echo -e "y\ny" | openstack overcloud deploy --templates -e /t/b.yaml
