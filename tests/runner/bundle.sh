#!/usr/bin/env bash
# The bundle of the example $1, looked at with all that its scripts source.
set -euo pipefail
out=$(mktemp --directory)
trap 'rm --recursive -- "$out"' EXIT
osp-compile "$1" --output "$out" >/dev/null
cd -- "$out"/*/
shellcheck --external-sources --severity=style runbook 2.*.sh
shfmt -d -i 2 -ci runbook ./*.sh lib/*.sh
