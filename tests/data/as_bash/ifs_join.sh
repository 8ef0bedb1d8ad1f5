#!/bin/bash
A=(a b c)
IFS=,
J="${A[*]}"
unset IFS
openstack overcloud deploy --templates --neutron-bridge-mappings "$J"
