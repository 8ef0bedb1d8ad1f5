#!/usr/bin/env bash
# The bundle of the example $1, as a reviewer would have ShellCheck look at it: each script with all that it sources.
set -euo pipefail
out=$(mktemp --directory)
trap 'rm --recursive -- "$out"' EXIT
osp-compile "specs/examples/$1.yaml" --output "$out" >/dev/null
cd -- "$out"/*/
for script in runbook 2.*.sh; do
  printf '%s\n' "$script"
  shellcheck --external-sources --severity=style "$script"
done
shfmt -d -i 2 -ci runbook ./*.sh lib/*.sh
