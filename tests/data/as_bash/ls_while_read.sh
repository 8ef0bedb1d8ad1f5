#!/bin/bash
ls beside/env/*.yaml | while read f; do echo "-e $f"; done > /dev/null
ARGS=$(ls beside/env/*.yaml | while read f; do echo "-e $f"; done)
openstack overcloud deploy --templates $ARGS
