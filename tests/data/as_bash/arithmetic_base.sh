#!/bin/bash
N=010
openstack overcloud deploy --templates --compute-scale $((N + 1)) --control-scale $((2 ** 3)) --timeout $((0x10))
