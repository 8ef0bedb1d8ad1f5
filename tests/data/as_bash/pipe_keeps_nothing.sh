#!/bin/bash
E="-e /t/a.yaml"
printf '%s\n' /t/b.yaml /t/c.yaml | while read -r f; do E="$E -e $f"; done
openstack overcloud deploy --templates $E
