#!/bin/bash
xargs openstack overcloud deploy --templates < beside/options.txt
