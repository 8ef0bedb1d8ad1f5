#!/bin/bash
E=()
while IFS= read -r f; do
  [[ $f == \#* ]] || E+=(-e "$f")
done < beside/files.txt
openstack overcloud deploy --templates "${E[@]}"
