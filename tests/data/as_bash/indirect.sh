#!/bin/bash
for SITE in TOKYO; do
  TOKYO_ENV=/t/tokyo.yaml
  NAME=${SITE}_ENV
  openstack overcloud deploy --templates -e ${!NAME}
done
