#!/bin/bash
ENVS="-e /t/a.yaml \
      -e /t/b.yaml
      -e /t/c.yaml"
openstack overcloud deploy --templates $ENVS "--timeout" '90' --stack "$(echo over)"cloud
