#!/bin/bash
declare -A O
O[--timeout]=90
openstack overcloud deploy --templates $(for k in "${!O[@]}"; do echo "$k ${O[$k]}"; done)
