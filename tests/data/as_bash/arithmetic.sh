#!/bin/bash
CONTROLLERS=3
COMPUTES=$((CONTROLLERS * 10 + (5 > 3 ? 1 : 0)))
T=$(expr 60 + 30)
openstack overcloud deploy --templates --compute-scale $COMPUTES --control-scale $CONTROLLERS --timeout $T
