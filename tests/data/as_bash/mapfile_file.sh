#!/bin/bash
mapfile -t FILES < beside/files.txt
ARGS=()
for f in "${FILES[@]}"; do ARGS+=(-e "$f"); done
openstack overcloud deploy --templates "${ARGS[@]}"
