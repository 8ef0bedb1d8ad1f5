#!/bin/bash
case $(hostname -s) in
  director-tky*) SITE=tokyo ;;
  director-osk*) SITE=osaka ;;
  *) SITE=lab ;;
esac
openstack overcloud deploy --templates -e /t/$SITE.yaml
