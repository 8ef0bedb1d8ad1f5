#!/bin/bash
ENVS="
  -e /t/a.yaml
  -e /t/b.yaml
"
FLAGS='--ntp-server 192.0.2.1
--timeout 90'
openstack overcloud deploy --templates ${ENVS} ${FLAGS}
