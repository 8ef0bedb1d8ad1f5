#!/bin/bash
run() {
  local envs=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --env) envs="$envs -e $2"; shift 2 ;;
      --debug) envs="$envs --debug"; shift ;;
    esac
  done
  openstack overcloud deploy --templates $envs
}
run --env /t/a.yaml --debug --env /t/b.yaml
