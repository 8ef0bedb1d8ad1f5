#!/bin/bash
X=/t/before.yaml
source ./beside/returns.sh
openstack overcloud deploy --templates -e $X
