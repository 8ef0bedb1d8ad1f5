#!/bin/bash
unset A B
openstack overcloud deploy --templates -e ${A:-${B:-/t/c.yaml}} ${A:+-e $A} ${B-}
