#!/bin/bash
F=a-b-c
openstack overcloud deploy --templates -e /${F//-/\/}.yaml -e ${F/-/+}
