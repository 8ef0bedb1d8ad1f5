#!/bin/bash
shopt -s expand_aliases
early() { oscd -e /t/early.yaml; }
alias oscd='openstack overcloud deploy --templates'
late() { oscd -e /t/late.yaml; }
late
early 2>/dev/null
