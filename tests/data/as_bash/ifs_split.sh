#!/bin/bash
LIST=/t/a.yaml:/t/b.yaml
IFS=: read -ra FILES <<< "$LIST"
E=()
for f in "${FILES[@]}"; do E+=(-e "$f"); done
openstack overcloud deploy --templates "${E[@]}"
