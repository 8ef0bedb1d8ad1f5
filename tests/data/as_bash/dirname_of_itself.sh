#!/bin/bash
DIR="$( cd "$( dirname "${BASH_SOURCE[0]}" )" && pwd )"
openstack overcloud deploy --templates -e ${DIR}/net.yaml -e $(readlink -f $DIR/..)/x.yaml
