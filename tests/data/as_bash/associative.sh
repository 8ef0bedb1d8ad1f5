#!/bin/bash
declare -A FILES=([net]=/t/net.yaml [ceph]=/t/ceph.yaml)
FILES[tls]=/t/tls.yaml
openstack overcloud deploy --templates -e ${FILES[net]} -e ${FILES[tls]}
