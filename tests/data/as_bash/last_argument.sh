#!/bin/bash
mkdir -p made/env
openstack overcloud deploy --templates -e $_/a.yaml --stack s$RANDOM
