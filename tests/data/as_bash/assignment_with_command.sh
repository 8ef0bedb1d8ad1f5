#!/bin/bash
T=/u
T=/t openstack overcloud deploy --templates -e $T/a.yaml
