#!/bin/bash
CEPH=3 COMPUTE=2
if (( CEPH > 0 )) && test $COMPUTE -gt 1 -a $CEPH -ge 3; then O="--ceph-storage-scale $CEPH"; fi
openstack overcloud deploy --templates $O --compute-scale "$((COMPUTE + 1))"
