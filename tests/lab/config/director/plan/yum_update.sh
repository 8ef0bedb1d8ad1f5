#!/bin/bash
# What tripleo's script of this name does at a node's breakpoint: a node of the cluster leaves it, is updated whole, and comes back; on
# any other node the packages that puppet does not look after are updated, and the rest is puppet's.
set -euo pipefail
if [[ -z ${update_identifier-} ]]; then
  echo 'Not running due to unset update_identifier'
  exit 0
fi
marks=/var/lib/overcloud-yum-update
mkdir -p "$marks"
if [[ -e $marks/$update_identifier ]]; then
  echo "Not running for already-run timestamp \"$update_identifier\""
  exit 0
fi
touch "$marks/$update_identifier"

if [[ $(systemctl is-active pacemaker) != active ]]; then
  yum -y update openvswitch puppet-tripleo
  exit
fi

# until SECONDS WHAT COMMAND...
until_so() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    if ((SECONDS > end)); then
      echo "ERROR: $what: not in time"
      exit 1
    fi
    sleep 2
  done
}
is_online() { crm_mon --as-xml | grep --quiet "<node name=\"$(hostname -s)\" .*online=\"true\""; }

pcs cluster stop
yum -y update
pcs cluster start
until_so 600 'the node to be online' is_online
until_so 600 'galera to be synced' clustercheck
timeout --kill-after=10 600 crm_resource --wait
