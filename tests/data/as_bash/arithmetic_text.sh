#!/bin/bash
N="1 + 2"
openstack overcloud deploy --templates --compute-scale $((N * 2)) --control-scale $(($N * 2))
