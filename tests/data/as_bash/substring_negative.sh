#!/bin/bash
F=abcdef
openstack overcloud deploy --templates -e ${F:1:-1} -e ${F:(-3):2} -e ${F:10} -e "${F: -9}"
