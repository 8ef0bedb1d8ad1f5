#!/bin/bash
OPTS=$({ echo "-e /t/a.yaml"; echo "not this" >&2; echo "nor this" > /dev/null; echo "-e /t/b.yaml"; } 2>/dev/null)
openstack overcloud deploy --templates $OPTS
