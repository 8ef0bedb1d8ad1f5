#!/bin/bash
set -- --ha --stack prod
STACK=overcloud
HA=false
while [ $# -gt 0 ]; do
  case $1 in
    --ha) HA=true ;;
    --stack) STACK=$2; shift ;;
    *) echo "unknown $1"; exit 1 ;;
  esac
  shift
done
ARGS=(--stack "$STACK")
$HA && ARGS+=(-e /home/stack/ha.yaml)
openstack overcloud deploy --templates "${ARGS[@]}"
