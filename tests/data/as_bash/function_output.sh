#!/bin/bash
envs() { for f in a b; do echo "-e /t/$f.yaml"; done; }
openstack overcloud deploy --templates $(envs)
