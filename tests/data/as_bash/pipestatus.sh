#!/bin/bash
LOG_DIR=$HOME/log-deploy
{ time openstack overcloud deploy --templates -e /t/a.yaml 2>&1; } |& tee -a "$LOG_DIR/deploy.log"
rc=${PIPESTATUS[0]}
[ "$rc" -eq 0 ] || exit "$rc"
