#!/bin/bash
ENVS=(/t/a.yaml /t/b.yaml)
openstack overcloud deploy --templates $(printf -- '-e %s ' "${ENVS[@]}")
