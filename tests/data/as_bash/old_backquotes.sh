#!/bin/sh
HERE=`pwd`
T=`dirname /t/x/y`
openstack overcloud deploy --templates $T -e $HERE/a.yaml
