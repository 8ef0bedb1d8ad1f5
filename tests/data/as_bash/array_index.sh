#!/bin/bash
E=([0]=/t/a.yaml [1]=/t/b.yaml)
E[2]=/t/c.yaml
openstack overcloud deploy --templates -e ${E[0]} -e ${E[2]} -e ${E[-1]} -e ${#E[@]}
