# What the suites of the checking sections share: a small site, its bundle, and a world in which the bundle is approved.

STATE_FOLDER=/home/stack/osp-runbook/lab-2/CHG0000002

# site_with 'waive: {...}' [MORE LINES]
site_with() {
  cat <<YAML
version: 1
site: {name: lab-2, change: CHG0000002, language: en}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-controller-1, role: Controller, address: 192.0.2.11}
- {name: overcloud-controller-2, role: Controller, address: 192.0.2.12}
- {name: overcloud-cephstorage-0, role: CephStorage, address: 192.0.2.20}
- {name: overcloud-compute-0, role: Compute, address: 192.0.2.30}
- {name: overcloud-compute-1, role: Compute, address: 192.0.2.31}
env_files: [/usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml]
YAML
  printf '%s\n' "$@"
}

# compiled NAME [SITE LINES...]: prints the folder of the bundle.
compiled() {
  local folder=$BATS_FILE_TMPDIR/$1.files
  shift
  site_with "$@" | compile_into "$folder" limited "${PYTHON:-python3}" -m osp_compile
  printf '%s/out/lab-2' "$folder"
}

# base NAME [SITE LINES...]: the world $BATS_FILE_TMPDIR/NAME with the bundle approved.
base() {
  local bundle
  bundle=$(compiled "$@")
  WORLD=$BATS_FILE_TMPDIR/$1 sim_up "$bundle"
  WORLD=$BATS_FILE_TMPDIR/$1 sim_run bash -c './runbook approve "$(sha256sum <SHA256SUMS | cut -d " " -f 1)"' >/dev/null
}

# check ID: runs one check of $SCRIPT.
check() {
  sim_mark
  run sim_run "$SCRIPT" --step "$1"
  printf '%s\n' "$output"
  [ -z "$(sim_changed)" ]
}

# expect STATUS [WORDS...]: of the last `run`.
expect() {
  printf '%s\n' "$output"
  [ "$status" -eq "$1" ]
  shift
  while [ $# -gt 0 ]; do
    grep -q -F -- "$1" <<<"$output"
    shift
  done
}

# says_nothing_of WORDS: nor does the last output contain them.
says_nothing_of() {
  if grep -F -- "$1" <<<"$output"; then return 1; fi
}

# index_of PATH FIELD VALUE: the position of the entry whose field has the value, in a list of the world's state.
index_of() {
  sim_get "$1" | python3 -c 'import json, sys
rows = json.load(sys.stdin)
print(next(i for i, row in enumerate(rows) if row[sys.argv[1]] == sys.argv[2]))' "$2" "$3"
}
