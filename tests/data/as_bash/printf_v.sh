#!/bin/bash
printf -v STAMP '%s-%02d' run 7
printf -v ENV '/t/%s.yaml' net
openstack overcloud deploy --templates -e "$ENV" --log-file /tmp/$STAMP.log
