#!/bin/bash
deploy() { openstack overcloud deploy --templates -e /t/a.yaml; }
if [[ "${BASH_SOURCE[0]}" == "${0}" ]]; then
  deploy
fi
