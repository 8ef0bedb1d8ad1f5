#!/bin/bash
echo a | xargs -I{} openstack overcloud deploy --templates -e /t/{}.yaml
