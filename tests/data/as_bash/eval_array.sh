#!/bin/bash
CMD=(openstack overcloud deploy --templates)
CMD+=(-e /t/a.yaml)
[ -n "$DEBUG" ] && CMD+=(--debug)
"${CMD[@]}"
