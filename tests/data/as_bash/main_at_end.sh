#!/bin/bash
set -e
readonly BASE="${HOME}/templates"
main() {
  local -r stack="${1:-overcloud}"; shift || true
  local -a args=(--stack "$stack" --templates)
  args+=( -e "$BASE/a.yaml"
          # -e "$BASE/old.yaml"
          -e "$BASE/b.yaml" )
  openstack overcloud deploy "${args[@]}" "$@"
}
main "$@"
