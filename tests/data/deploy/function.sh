#!/bin/bash
deploy() {
  local stack=$1; shift
  openstack overcloud deploy --stack "$stack" --templates "$@"
}
. stackrc && deploy blue -e /t/a.yaml -e /t/b.yaml
