#!/bin/bash
pick() { [ "$1" = a ] && { echo /t/a.yaml; exit 0; }; echo /t/other.yaml; }
openstack overcloud deploy --templates -e $(pick a) -e $(pick b)
