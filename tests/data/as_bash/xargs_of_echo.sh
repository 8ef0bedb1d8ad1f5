#!/bin/bash
FILES="/t/a.yaml /t/b.yaml"
echo $FILES | xargs -n1 echo -e | xargs openstack overcloud deploy --templates
