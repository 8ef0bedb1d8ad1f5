#!/bin/bash
pushd ~ > /dev/null
openstack overcloud deploy --templates -e $(pwd)/a.yaml -e "$PWD/b.yaml"
popd > /dev/null
