#!/bin/bash
T=/t
(T=/other; cd /tmp)
{ T=/u; }
openstack overcloud deploy --templates -e $T/a.yaml
