#!/bin/bash
T=/home/stack/templates
CMD=$(cat <<-EOF
	openstack overcloud deploy --templates
	-e $T/net.yaml -e ${T}/storage.yaml
	EOF
)
$CMD
