#!/bin/bash
E=
for i in $(seq 1 2 7) $(seq 3) $(seq 5 4); do E="$E -e /t/$i.yaml"; done
openstack overcloud deploy --templates $E
