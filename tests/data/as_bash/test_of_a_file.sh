#!/bin/bash
E=
for f in /t/a.yaml /t/b.yaml; do
  if [ -f $f ]; then E="$E -e $f"; fi
done
openstack overcloud deploy --templates $E
