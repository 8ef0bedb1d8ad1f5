#!/bin/bash
A='$B'
B='-e /t/a.yaml'
eval "OPTS=$A"
eval openstack overcloud deploy --templates $OPTS "$A"
