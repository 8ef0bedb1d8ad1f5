#!/bin/bash
IFS=$'\n\t'
FILES=$'/home/stack/a.yaml\n/home/stack/b.yaml'
A=()
for f in $FILES; do A+=(-e "$f"); done
openstack overcloud deploy --templates "${A[@]}"
