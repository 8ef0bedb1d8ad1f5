#!/bin/bash
OUT=$(openstack overcloud deploy --templates -e /t/a.yaml 2>&1) || exit 1
echo "$OUT" | tail -1
