#!/bin/bash
E=()
for site in a b; do
  i=0
  while [ $i -lt 2 ]; do
    ((i++))
    [ "$site$i" = a2 ] && continue 2
    E+=(-e "/t/$site-$i.yaml")
  done
done
openstack overcloud deploy --templates "${E[@]}"
