#!/bin/bash
E=
for i in $(seq -w 8 11); do E="$E -e /t/env-$i.yaml"; done
openstack overcloud deploy --templates $E
