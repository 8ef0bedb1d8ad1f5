#!/bin/sh
alias oscd='openstack overcloud deploy --templates'
oscd -e /t/a.yaml
