#!/bin/bash
set -e
openstack overcloud deploy --templates -e /t/a.yaml
test -z full
openstack overcloud deploy --templates -e /t/never.yaml
