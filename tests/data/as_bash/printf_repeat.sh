#!/bin/bash
E=$(printf ' -e %s/%s' /t a.yaml /u b.yaml /v)
openstack overcloud deploy --templates $E --log-file $(printf '%03d%%-%-4s|' 7 ab)
