#!/bin/bash
cd ~; . ./stackrc; openstack overcloud deploy --templates ~/templates -e ~/a.yaml; echo "rc=$?"; true
