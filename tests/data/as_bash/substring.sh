#!/bin/bash
REL=osp10-z8
openstack overcloud deploy --templates -e /t/${REL:0:5}.yaml -e /t/${REL: -2}.yaml -e /t/${REL:6}.yaml
