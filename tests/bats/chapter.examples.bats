#!/usr/bin/env bats
# The whole chapter on the sites of the larger examples; then all of it again, which must change nothing, with the journal and without.

load helpers
load chapter

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
