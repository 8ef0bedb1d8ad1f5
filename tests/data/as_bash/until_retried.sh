#!/bin/bash
n=0
until [ $n -ge 3 ]; do
  openstack overcloud deploy --templates -e /t/a.yaml && break
  n=$((n+1))
done
