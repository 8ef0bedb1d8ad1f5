#!/bin/bash
FILES=(/t/a.yaml /t/b.yaml)
openstack overcloud deploy --templates $(printf -- '-e %s ' "${FILES[@]}")
