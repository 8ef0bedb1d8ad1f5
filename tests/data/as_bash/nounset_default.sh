#!/bin/bash
set -euo pipefail
: "${TEMPLATES:=/t}"
: ${RELEASE:=10}
openstack overcloud deploy --templates $TEMPLATES -e $TEMPLATES/osp$RELEASE.yaml
