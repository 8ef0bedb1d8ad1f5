#!/bin/bash
read -r -d '' ENVS <<'LIST'
-e /t/a.yaml
-e /t/b.yaml
LIST
openstack overcloud deploy --templates $ENVS
