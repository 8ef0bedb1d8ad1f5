#!/bin/bash
V=10.0
case $V in
  [[:alpha:]]*) F=a ;;
  [!0-9]*) F=b ;;
  1[0-3].*) F=c ;;
  *) F=d ;;
esac
openstack overcloud deploy --templates -e /t/$F.yaml
