#!/bin/bash
ENVS=()
for i in $(seq 1 3); do
  ENVS+=(-e "/t/rack$i.yaml")
done
openstack overcloud deploy --templates "${ENVS[@]}"
