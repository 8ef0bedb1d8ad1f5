#!/bin/bash
set -x -o pipefail
trap 'echo done' EXIT
umask 077
export PATH=$PATH:/usr/local/bin LANG=C
openstack --os-cloud undercloud overcloud deploy --templates -e /t/a.yaml
