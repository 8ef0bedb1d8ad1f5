#!/bin/bash
openstack overcloud deploy --templates \
  -e /t/a.yaml\
  -e /t/b.yaml \
  --ntp-server 192.0.2.1 \

# -e /t/tls.yaml \
# -e /t/anchor.yaml \
