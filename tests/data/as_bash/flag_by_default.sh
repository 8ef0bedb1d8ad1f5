#!/bin/bash
: ${HA:=true} ${TLS:=false}
if $HA; then E="-e ha.yaml"; fi
if [ "$TLS" = true ]; then E="$E -e tls.yaml"; fi
cd ~
openstack overcloud deploy --templates $E
