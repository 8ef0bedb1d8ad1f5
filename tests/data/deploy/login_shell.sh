#!/bin/bash
bash -lc "cd ~ && openstack overcloud deploy --templates -e a.yaml -e b.yaml"
