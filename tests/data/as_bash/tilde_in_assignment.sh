#!/bin/bash
T=~/templates
P=/x:~/y
Q="~/z"
openstack overcloud deploy --templates -e $T/a.yaml -e $P -e $Q/b.yaml --environment-file=~/c.yaml
