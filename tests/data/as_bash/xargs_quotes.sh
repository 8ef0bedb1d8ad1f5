#!/bin/bash
echo "-e '/t/a b.yaml'" | xargs openstack overcloud deploy --templates
