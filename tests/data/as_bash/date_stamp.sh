#!/bin/bash
openstack overcloud deploy --templates -e /t/a.yaml -e /t/$(date +%Y)/b.yaml -e /t/`hostname -s`.yaml
