#!/bin/bash
LOG=deploy-$(date +%F).log
openstack overcloud deploy --templates -e /t/a.yaml 2>&1 | tee -a $LOG > /dev/null
