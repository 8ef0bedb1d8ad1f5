#!/bin/bash
read -r A B <<< "/t/a.yaml   /t/b.yaml /t/c.yaml"
openstack overcloud deploy --templates -e $A -e $B
