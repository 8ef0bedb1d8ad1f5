#!/bin/bash
# What puppet's last steps bring to a node outside the cluster in a package update: all that its breakpoint has left.
set -euo pipefail
if [[ -n ${update_identifier-} ]]; then yum -y update; fi
