#!/bin/bash
openstack overcloud deploy --templates \
  -e /t/a.yaml \
# -e /t/b.yaml \
  -e /t/c.yaml
