#!/bin/bash
case $1 in
  deploy)
    openstack overcloud deploy --templates -e /t/a.yaml
    ;;
  update)
    openstack overcloud deploy --templates -e /t/a.yaml --update-plan-only
    ;;
  *)
    openstack overcloud deploy --templates -e /t/a.yaml -e /t/other.yaml
    ;;
esac
