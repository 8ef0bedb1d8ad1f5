#!/bin/bash
ENV_A=/t/a.yaml ENV_B=/t/b.yaml
E=
for v in ${!ENV_*}; do E="$E -e ${!v}"; done
openstack overcloud deploy --templates $E
