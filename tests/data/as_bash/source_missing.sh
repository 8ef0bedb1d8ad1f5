#!/bin/bash
[ -f /etc/site.conf ] && source /etc/site.conf
openstack overcloud deploy --templates -e ${EXTRA:-/t/none.yaml}
