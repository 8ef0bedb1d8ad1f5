#!/bin/bash
for f in a b; do
  openstack overcloud deploy --templates -e /t/$f.yaml
done
