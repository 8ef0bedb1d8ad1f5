#!/usr/bin/env bash
# bundle.sh SITE [K/M]: the bundle of an example, as a reviewer would have ShellCheck look at it: each script with all that it sources,
# some ten seconds each; with K/M each M-th from the K-th.
set -euo pipefail
out=$(mktemp --directory)
trap 'rm --recursive -- "$out"' EXIT
osp-compile "specs/examples/$1.yaml" --output "$out" >/dev/null
turn=${2:-1/1}
cd -- "$out"/*/
scripts=(runbook 2.*.sh)
for ((n = ${turn%/*} - 1; n < ${#scripts[@]}; n += ${turn#*/})); do
  printf '%s\n' "${scripts[n]}"
  shellcheck --external-sources --severity=style "${scripts[n]}"
done
shfmt -d -i 2 -ci runbook ./*.sh lib/*.sh
