#!/bin/bash
F='/t/a b.yaml'
openstack overcloud deploy --templates -e ${F@Q} -e "${F@U}"
