#!/bin/bash
openstack overcloud deploy --templates $(< beside/options.txt)
