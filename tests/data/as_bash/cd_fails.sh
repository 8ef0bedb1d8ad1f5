#!/bin/bash
cd /nowhere/at/all 2>/dev/null || cd /
openstack overcloud deploy --templates -e $PWD/a.yaml
