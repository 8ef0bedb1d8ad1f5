#!/bin/bash
OPTS="$(printf '%s\n' --debug '--timeout 90')"
openstack overcloud deploy --templates $OPTS
