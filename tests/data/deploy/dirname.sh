#!/bin/bash
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null && pwd)
cd "$HERE"
exec openstack overcloud deploy --templates -e $HERE/one.yaml -e "$(dirname $0)/two.yaml" -e three.yaml
