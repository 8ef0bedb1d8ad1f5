#!/bin/bash
{
  echo start
  openstack overcloud deploy --templates -e /home/stack/a.yaml || { echo failed; exit 1; }
} 2>&1 | cat
