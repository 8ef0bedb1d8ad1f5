#!/bin/bash
deploy() {
  local stack=overcloud envs=() OPTIND opt
  while getopts "s:e:" opt; do
    case $opt in
      s) stack=$OPTARG ;;
      e) envs+=(-e "$OPTARG") ;;
    esac
  done
  openstack overcloud deploy --stack "$stack" --templates "${envs[@]}"
}
deploy -s prod -e /t/a.yaml -e /t/b.yaml
