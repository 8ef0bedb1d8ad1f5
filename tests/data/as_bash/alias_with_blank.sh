#!/bin/bash
shopt -s expand_aliases
alias timed='time '
alias os=openstack
timed os overcloud deploy --templates -e /t/a.yaml
