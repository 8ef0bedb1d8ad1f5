#!/bin/bash
STACK=overcloud
while getopts "s:t:" opt; do
  case $opt in
    s) STACK=$OPTARG ;;
    t) T=$OPTARG ;;
  esac
done
openstack overcloud deploy --stack $STACK --templates -e /t/a.yaml
