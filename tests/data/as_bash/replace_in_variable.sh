#!/bin/bash
LIST="/t/a.yaml,/t/b.yaml,/t/c.yaml"
openstack overcloud deploy --templates -e ${LIST//,/ -e }
