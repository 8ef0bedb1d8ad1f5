#!/bin/bash
options() {
cat <<EOF
-e /t/$1.yaml
--timeout $2
EOF
}
openstack overcloud deploy --templates $(options net 90)
