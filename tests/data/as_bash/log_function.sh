#!/bin/bash
log() { printf '%s %s\n' "$(date)" "$*" >&2; }
get_env() { log "looking for $1"; echo "/t/$1.yaml"; }
openstack overcloud deploy --templates -e $(get_env net) -e "$(get_env ceph)"
