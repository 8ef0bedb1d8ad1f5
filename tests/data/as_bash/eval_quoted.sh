#!/bin/bash
T='/t/with blank'
CMD="openstack overcloud deploy --templates -e '$T/a.yaml'"
eval $CMD
