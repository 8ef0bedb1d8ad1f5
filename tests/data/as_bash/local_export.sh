#!/bin/bash
export T=/t
f() { local T=/u; bash -c 'openstack overcloud deploy --templates -e $T/a.yaml'; }
f
