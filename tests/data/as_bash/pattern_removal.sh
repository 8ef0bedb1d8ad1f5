#!/bin/bash
F=/t/site.a.b.yaml
openstack overcloud deploy --templates -e ${F%%.*} -e ${F#*.} -e ${F##*.} -e ${F%.[a-z]*} -e ${F#/?/} -e ${F%.*.*}
