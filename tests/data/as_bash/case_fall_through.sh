#!/bin/bash
KIND=ha
OPTS=
case $KIND in
  ha) OPTS+=" -e /t/ha.yaml" ;&
  base) OPTS+=" -e /t/base.yaml" ;;
  *) OPTS+=" -e /t/none.yaml" ;;
esac
case $KIND in
  h*) OPTS+=" -e /t/h.yaml" ;;&
  *a) OPTS+=" -e /t/a.yaml" ;;
esac
openstack overcloud deploy --templates $OPTS
