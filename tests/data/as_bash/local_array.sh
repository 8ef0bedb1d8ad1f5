#!/bin/bash
run() { local -a args=("$@"); args+=(--debug); openstack overcloud deploy "${args[@]}"; }
run --templates -e "/t/a b.yaml"
