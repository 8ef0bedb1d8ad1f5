#!/bin/bash
EMPTY=
openstack overcloud deploy --templates $EMPTY -e /t/a.yaml ${EMPTY:+-e} "${NOTHING[@]}" ${EMPTY}
