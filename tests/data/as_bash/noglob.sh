#!/bin/bash
set -f
openstack overcloud deploy --templates -e /t/*.yaml
