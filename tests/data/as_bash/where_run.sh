#!/bin/bash
if [ $PWD != $HOME ] ; then echo "USAGE: $0 Must be run from $HOME" ; fi
cd ~
time openstack overcloud deploy \
  --templates \
  -e ./a.yaml \
  --log-file deployment.log > deploy_overcloud.log
