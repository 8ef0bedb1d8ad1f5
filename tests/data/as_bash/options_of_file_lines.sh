#!/bin/bash
ENVS=()
while IFS='#' read -r file comment; do
  file=${file%% }
  [[ -z $file ]] && continue
  ENVS+=(-e "$file")
done <<LIST
/t/a.yaml # networks

/t/b.yaml
LIST
openstack overcloud deploy --templates "${ENVS[@]}"
