#!/usr/bin/env bats
# The whole chapter, section after section as an operator runs it, on the sites of the examples; then all of it again, which must change
# nothing, with the journal and without.

load helpers

# compiled SPEC [SED...]: the example's bundle and a world in which it is approved.
compiled() {
  local spec=$1
  shift
  sed "$@" "$REPOSITORY/specs/examples/$spec.yaml" >"$BATS_TEST_TMPDIR/site.yaml"
  "${PYTHON:-python3}" -m osp_compile "$BATS_TEST_TMPDIR/site.yaml" --language en -o "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/compiled" || cat "$BATS_TEST_TMPDIR/compiled"
  BUNDLE=$(echo "$BATS_TEST_TMPDIR"/out/*)
  sim_up "$BUNDLE"
  sim_run ./runbook approve "$(sha256sum "$BUNDLE/SHA256SUMS" | cut --delimiter=' ' --fields=1)"
}

teardown() { simulator down "$BATS_TEST_TMPDIR/world"; }

# chapter: every section in its order; the undercloud's own reboot cuts the session, and the same command goes on.
chapter() {
  local script status
  for script in "$BUNDLE"/2.*.sh; do
    status=0
    sim_run "./${script##*/}" --yes || status=$?
    if [[ ${script##*/} == 2.04-* && $status != 0 ]]; then
      status=0
      sim_run "./${script##*/}" --yes || status=$?
    fi
    echo "${script##*/}: exit $status"
    if ((status > 0)); then return "$status"; fi
  done
}

# As a reader of the site would see it: what runs where, in which state, with which switches.
shape_of_world() {
  "${PYTHON:-python3}" - <(simulator get "$WORLD") <<'PYTHON'
import json, sys

state = json.load(open(sys.argv[1]))
for name, host in sorted(state["hosts"].items()):
    print(name, host["up"], host["boot_id"], host["kernel"]["running"], sorted(host["packages"].items()))
for part in ("pacemaker", "ceph", "nova", "neutron", "ironic", "glance"):
    print(part, json.dumps(state[part], sort_keys=True))
PYTHON
}

# again: a second run of all, and what it changed in the world.
again() {
  local before after
  simulator advance "$WORLD" 60
  before=$(shape_of_world)
  chapter >"$BATS_TEST_TMPDIR/again"
  after=$(shape_of_world)
  diff <(echo "$before") <(echo "$after")
  ! grep --extended-regexp '[1-9][0-9]* steps? changed' "$BATS_TEST_TMPDIR/again"
}

whole_chapter() {
  compiled "$@"
  chapter >"$BATS_TEST_TMPDIR/first" 2>&1 || {
    tail --lines=60 "$BATS_TEST_TMPDIR/first"
    return 1
  }
  [[ $(grep --count 'exit 0$' "$BATS_TEST_TMPDIR/first") -ge 13 ]]
  again
  rm "$(sim_file undercloud /home/stack)"/osp-runbook/*/*/journal.tsv
  sim_run bash -c './2.06-*.sh --status && ./2.09-*.sh --status'
}

@test "tokyo-1: NFV, Ceph, networkers; ready for chapter 3, and a second run changes nothing" {
  whole_chapter tokyo-1 's/^fencing: true/&\nupdate: {breakpoints: guarded}/'
}

@test "osaka-2: hyperconverged computes and an IPv6 backup host" {
  whole_chapter hyperconverged '/^not_after/d'
}

@test "lab-1: the smallest site; the operator keeps the backups and says so" {
  compiled minimal '$a update: {breakpoints: guarded}'
  run sim_run bash -c './2.01-*.sh --yes'
  [ "$status" -eq 4 ]
  [[ $output == *'run this again on a terminal and say where it is'* ]]
  sim_run ./runbook attest 2.01/4b 'copied to the tape library, job 4711'
  run sim_run bash -c './2.02-*.sh --yes'
  [ "$status" -eq 4 ]
  sim_run ./runbook attest 2.02/5b 'copied to the tape library, job 4712'
  run chapter
  echo "$output" | tail --lines=40
  [ "$status" -eq 0 ]
  [[ $output == *'attested'* ]]
}
