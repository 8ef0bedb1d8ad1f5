#!/bin/bash
openstack --debug --os-auth-type password overcloud deploy --templates -e /home/stack/a.yaml
