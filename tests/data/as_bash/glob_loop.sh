#!/bin/bash
for f in beside/env/*.yaml; do
  ENVS="$ENVS -e $f"
done
openstack overcloud deploy --templates $ENVS
