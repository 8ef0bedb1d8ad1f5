#!/bin/bash
if [ -z "${EXTRA_ENV}" ]; then OPTS=""; else OPTS="-e $EXTRA_ENV"; fi
openstack overcloud deploy --templates $OPTS -e /t/a.yaml
