#!/bin/bash
shopt -s expand_aliases
alias oscd='openstack overcloud deploy --templates'
oscd -e /t/a.yaml -e /t/b.yaml
