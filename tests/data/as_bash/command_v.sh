#!/bin/bash
OS=$(command -v openstack)
$OS overcloud deploy --templates -e /t/a.yaml
