#!/bin/bash
openstack overcloud deploy --templates -e\ /t/x.yaml --environment-file=/t/{net,ceph}.yaml -e/t/{01..03}.yaml
