#!/bin/bash
shopt -s nullglob
openstack overcloud deploy --templates --environment-file=/nowhere/*.yaml -e /t/a.yaml
