#!/usr/bin/env bash
# The examples' bundles, looked at with all that their scripts source. A script that two examples have alike is looked at once.
set -euo pipefail
out=$(mktemp --directory)
trap 'rm --recursive -- "$out"' EXIT
for spec in specs/examples/*.yaml; do osp-compile "$spec" --output "$out" >/dev/null; done
declare -A seen=()
for script in "$out"/tokyo-1/2.*.sh "$out"/*/runbook "$out"/*/2.*.sh; do
  sum=$(sha256sum <"$script")
  if [[ -n ${seen[$sum]-} ]]; then continue; fi
  seen[$sum]=yes
  printf '%s\n' "${script#"$out"/}"
  (cd -- "${script%/*}" && shellcheck --external-sources --severity=style "${script##*/}")
done
for bundle in "$out"/*/; do (cd -- "$bundle" && shfmt -d -i 2 -ci runbook ./*.sh lib/*.sh); done
