#!/bin/bash
F=tokyo
openstack overcloud deploy --templates --stack ${F^} -e /t/${F^^[to]}.yaml
