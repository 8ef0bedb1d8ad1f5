#!/bin/bash
add() { ENVS="$ENVS -e $1"; }
ENVS=
add /t/a.yaml
add /t/b.yaml
openstack overcloud deploy --templates $ENVS
