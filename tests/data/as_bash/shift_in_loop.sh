#!/bin/bash
set -- /t/a.yaml /t/b.yaml -- --debug
E=()
while [[ $1 != -- ]]; do E+=(-e "$1"); shift; done
shift
openstack overcloud deploy --templates "${E[@]}" "$@"
