#!/bin/bash
printf '%s\n' a b | while read -r site; do
  openstack overcloud deploy --templates -e /t/$site.yaml
done
