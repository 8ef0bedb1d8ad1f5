#!/bin/bash
T=${TEMPLATES_DIR:-$HOME/templates}
openstack overcloud deploy --templates -e $T/a.yaml
