#!/bin/bash
set -o pipefail
trap 'echo failed' ERR
openstack overcloud deploy --templates -e /home/stack/a.yaml |& cat
status=${PIPESTATUS[0]}
exit $status
