#!/bin/bash
export PYTHONUNBUFFERED=1
LC_ALL=C nice -n 10 nohup stdbuf -oL -eL env OS_CLOUD= OS_X=1 openstack overcloud deploy --templates -e /t/a.yaml < /dev/null
