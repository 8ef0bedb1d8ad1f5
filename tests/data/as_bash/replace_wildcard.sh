#!/bin/bash
F=/t/rack-1/net.yaml
openstack overcloud deploy --templates -e ${F/rack-?/rack-2} -e ${F//[0-9]/9} -e ${F/%.*/.yml}
