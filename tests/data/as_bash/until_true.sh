#!/bin/bash
i=3 E=
until ((i == 0)); do E+=" -e /t/$i.yaml"; let i--; done
openstack overcloud deploy --templates $E
