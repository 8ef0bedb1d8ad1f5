#!/bin/bash
for f in $(find /home/stack/env -name '*.yaml' | sort); do E="$E -e $f"; done
openstack overcloud deploy --templates $E
