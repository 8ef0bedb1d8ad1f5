#!/bin/bash
E=$(echo -e "-e /t/a.yaml\n-e /t/b.yaml")
N=$(echo -n --debug)
openstack overcloud deploy --templates $E $N
