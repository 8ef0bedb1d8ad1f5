#!/bin/bash
files=(beside/env/*.yaml)
openstack overcloud deploy --templates "${files[@]/#/-e }"
