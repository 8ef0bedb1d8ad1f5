#!/bin/bash
N=rack12
if [[ $N =~ ^rack([0-9]+)$ ]]; then
  openstack overcloud deploy --templates -e /t/${BASH_REMATCH[1]}.yaml
fi
