# What the suites of 2.07, 2.08, 2.09 and 2.13 share: a small site, its bundle, and a world in which chosen nodes are due for a reboot.

# site NAME LINES...: a spec of three controllers and what LINES add.
site() {
  cat <<YAML
version: 1
site: {name: lab-1, change: CHG0000001, language: en}
env_files: [/usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml]
timeouts: {reboot: 240, migrate_per_instance: 120, ceph_clean: 900}
YAML
  printf '%s\n' "$@"
}

# The shell's lint is a test of its own, and takes longer than all of these.
compile_without_lint() {
  limited "${PYTHON:-python3}" -c '
import sys
from osp_compile import cli, pipeline
pipeline.lint = lambda *words, **more: ()
sys.argv[0] = "osp-compile"
cli.main()' "$@"
}

# base NAME LINES...: compiles the site and makes the world $BATS_FILE_TMPDIR/NAME with its bundle approved and quick nodes.
base() {
  local folder=$BATS_FILE_TMPDIR/$1.files
  shift
  site "$@" | compile_into "$folder" compile_without_lint
  export WORLD=${folder%.files}
  sim_up "$folder/out/lab-1"
  sim_run bash -c 'state=$HOME/osp-runbook/lab-1/CHG0000001; mkdir -p "$state"; sums=$(sha256sum SHA256SUMS); echo "${sums%% *}" >"$state/approved"'
  local node
  for node in $(awk '!/^#/ { print $1 }' "$folder/out/lab-1/lib/nodes.tsv"); do
    sim_set "hosts.$node.reboot_seconds" 15
    sim_set "hosts.$node.rejoin_seconds" 5
    sim_set "hosts.$node.settle_seconds" 10
  done
  if [[ $(sim_get ceph) == '{'* ]]; then sim_set ceph.recovery_seconds 20; fi
}

# due NODE...: their software is newer than their boot.
due() {
  local node
  for node in "$@"; do simulator run "$WORLD" --host "$node" --user root -- yum -y update >/dev/null; done
}

# keep NAME: this world as it is now, for later tests.
keep() { simulator copy "$WORLD" "$BATS_FILE_TMPDIR/$1"; }

# The order of sections is a test of the runtime's.
section() { sim_run "$SECTION" --yes --force-gate 'a test of this section alone' "$@"; }

lose_journal() { sim_run bash -c 'cd ~/osp-runbook/lab-1/CHG0000001 && find . -mindepth 1 ! -name approved -exec rm -rf {} +'; }

# Status and words of the last `run`, shown when a test fails.
expect() {
  printf '%s\n' "$output"
  [ "$status" -eq "$1" ]
  shift
  local word
  for word in "$@"; do grep -q -- "$word" <<<"$output"; done
}

refute() {
  if "$@"; then return 1; fi
}

# changes_nothing CMD...: no call of it changes the world.
changes_nothing() {
  sim_mark
  run "$@"
  printf '%s\n' "$output"
  sim_changed
  [ -z "$(sim_changed)" ]
}

boots() { sim_get "hosts.$1.boots"; }
flags() { sim_get ceph.flags; }
claims() { sim_get ceph.config_keys; }

# calls_of WORDS: how often a command was called in the end.
# (what `timeout` runs is a call of its own)
calls_of() { grep -v '"tool": "timeout"' "$WORLD/calls.jsonl" | grep -c -- "$1" || :; }
