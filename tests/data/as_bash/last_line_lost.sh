#!/bin/bash
E=""
while read -r f; do E="$E -e $f"; done < <(printf '/t/a.yaml\n/t/b.yaml')
openstack overcloud deploy --templates $E
