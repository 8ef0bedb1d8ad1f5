#!/bin/bash
find_env() { for f in x y z; do [ $f = y ] && { R=/t/$f.yaml; return 0; }; done; R=/t/none.yaml; }
find_env
openstack overcloud deploy --templates -e $R
