#!/bin/bash
E=""
while read -r f || [ -n "$f" ]; do E="$E -e $f"; done < <(printf '/t/a.yaml\n/t/b.yaml')
openstack overcloud deploy --templates $E
