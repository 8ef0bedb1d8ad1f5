#!/bin/bash
E=()
for i in 10 20 30; do
  E+=("-e" "/home/stack/env/${i}-part.yaml")
done
(( ${#E[@]} == 6 )) || exit 1
openstack overcloud deploy --templates "${E[@]}"
