#!/bin/bash
shopt -s expand_aliases
alias openstack='openstack --debug'; openstack overcloud deploy --templates -e /t/a.yaml
unalias openstack
openstack overcloud deploy --templates -e /t/b.yaml
