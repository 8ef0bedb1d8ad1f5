#!/bin/bash
alias openstack='openstack --debug'
openstack overcloud deploy --templates -e /t/a.yaml
