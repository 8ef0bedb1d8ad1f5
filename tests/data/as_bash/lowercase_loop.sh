#!/bin/bash
for ((i = 0; i < 3; i++)); do E+=(-e /t/$i.yaml); done
openstack overcloud deploy --templates "${E[@]}"
