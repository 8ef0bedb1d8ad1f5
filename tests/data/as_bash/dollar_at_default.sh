#!/bin/bash
run() { openstack overcloud deploy "${@:---templates}" -e "${1:-/t/none.yaml}" ${2+-e "$2"}; }
run
run --templates
