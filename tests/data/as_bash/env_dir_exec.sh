#!/bin/bash
cd ~
exec openstack overcloud deploy \
        --templates /usr/share/openstack-tripleo-heat-templates \
        --timeout 90  \
        -r ~/templates/roles_data.yaml \
        -e templates/overcloud_images.yaml \
        --environment-file=templates/count.yaml \
        --ntp-server ntp.example.com


        # --control-flavor control --control-scale 1 \
        # --compute-flavor compute
