#!/usr/bin/env bats
# The whole chapter, section after section as an operator runs it, on the smallest site.

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

@test "lab-1: the smallest site; the operator keeps the backups and says so" {
  compiled minimal '$a update: {breakpoints: guarded}'
  run sim_run bash -c './2.01-*.sh --yes'
  [ "$status" -eq 4 ]
  [[ $output == *'run this again on a terminal, and type where it is'* ]]
  sim_run ./runbook attest 2.01/4b 'copied to the tape library, job 4711'
  run sim_run bash -c './2.02-*.sh --yes'
  [ "$status" -eq 4 ]
  sim_run ./runbook attest 2.02/5b 'copied to the tape library, job 4712'
  run chapter
  echo "$output" | tail --lines=40
  [ "$status" -eq 0 ]
  [[ $output == *'attested'* ]]
}
