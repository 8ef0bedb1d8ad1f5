#!/bin/bash
readonly T=/t
T=/u 2>/dev/null || true
openstack overcloud deploy --templates -e $T/a.yaml
