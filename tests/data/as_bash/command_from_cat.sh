#!/bin/bash
openstack overcloud deploy --templates $(cat beside/options.txt)
