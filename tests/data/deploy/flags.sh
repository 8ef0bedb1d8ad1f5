#!/bin/bash
# what this lab has
HA=true
DVR=false
OCTAVIA=/bin/false
TLS=
source ~/stackrc
ENVS="-e /home/stack/base.yaml"
if $HA; then ENVS="$ENVS -e /home/stack/ha.yaml"; fi
if ${DVR}; then
  ENVS="$ENVS -e /home/stack/dvr.yaml"
elif ! $OCTAVIA; then
  ENVS="$ENVS -e /home/stack/no-octavia.yaml"
fi
if $TLS && "$HA"; then ENVS="$ENVS -e /home/stack/tls.yaml"; fi
$DVR || ENVS="$ENVS -e /home/stack/no-dvr.yaml"
openstack overcloud deploy --templates $ENVS
