#!/bin/bash
set -euo pipefail
declare -a EXTRA=() ENVS=(-e /t/a.yaml)
openstack overcloud deploy --templates "${ENVS[@]+"${ENVS[@]}"}" ${EXTRA[@]+"${EXTRA[@]}"} ${1+"$@"}
