#!/bin/bash
TLS=/home/stack/tls.yaml
if [ -f "$TLS" ] && [ "$SSL" = yes ]; then EXTRA="-e $TLS"; fi
openstack overcloud deploy --templates -e /home/stack/network.yaml $EXTRA
