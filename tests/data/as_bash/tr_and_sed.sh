#!/bin/bash
LIST=a,b
E=$(echo $LIST | tr ',' '\n' | sed 's,^,-e /t/,')
openstack overcloud deploy --templates $E
