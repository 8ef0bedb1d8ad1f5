#!/bin/bash
ME=$(basename "$0" .sh)
openstack overcloud deploy --templates --stack ${ME//_/-} -e ${0%/*}/a.yaml -e "${0##*/}"
