#!/bin/bash
E=
for n in 00-node-info 10-network 20-storage; do E="$E -e $HOME/templates/${n#??-}.yaml"; done
openstack overcloud deploy --templates $E
