#!/bin/bash
CLEANUP=1
UPDATE=0
EXISTING=
if [ "$CLEANUP" = "1" -a "$UPDATE" = "0" ]; then EXISTING="-e /home/stack/clean.yaml"; fi
if [ "$CLEANUP" = "0" -o "$UPDATE" = "1" ]; then EXISTING="-e /home/stack/existing.yaml"; fi
if [ -z "$NOTHING" -a ! -n "$NOTHING" ]; then MORE=--debug; fi
openstack overcloud deploy --templates $EXISTING -e /home/stack/z.yaml
