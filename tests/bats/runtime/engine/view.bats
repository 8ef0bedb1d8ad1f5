# --list, --status and --dry-run look, and change nothing at all.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple raise work lower wipe
lower_satisfied() { [[ ! -e $WORLD/raise ]]; }
wipe_satisfied() { why 'three files are left'; [[ -e $WORLD/wipe ]]; }
look_check() { touch "$WORLD/looked"; pass 'well'; }
steps
2.30/1 raise change low         opens:flag  60 Raise the flag
each computes
2.30/2 work  change disruptive  body:flag   60 Do the work
end_each
2.30/3 lower change low         closes:flag 60 Lower the flag
2.30/4 wipe  change destructive -           60 Wipe it
2.30/5 look  check  -           -           60 All is well
S
  seal
}

# leaves_all_as_it_was OPTION...
leaves_all_as_it_was() {
  listing >"$BATS_TEST_TMPDIR/before"
  go 2.30 "$@"
  listing >"$BATS_TEST_TMPDIR/after"
  diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" >&2
}

@test "--list has every step once" {
  leaves_all_as_it_was --list
  exits 0
  same 5 "${#lines[@]}"
  has '2.30/2    change    disruptive   Do the work'
}

@test "--status of what is not done is 1, and changes nothing" {
  leaves_all_as_it_was --status
  exits 1
  has '2.30/2    no       Do the work  n1'
  lacks '2.30/1'
  lacks '2.30/5'
}

@test "--status of what is done is 0" {
  go 2.30 --step 2.30/1
  rm "$WORLD/raise"
  touch "$WORLD"/{work-n1,work-n2,work-n3,wipe}
  leaves_all_as_it_was --status
  exits 0
  has '2.30/3    yes'
}

@test "--status that cannot tell is 3, whatever else is not done" {
  touch "$WORLD/work.unknown"
  leaves_all_as_it_was --status
  exits 3
  has '2.30/2    unknown  Do the work  n1'
}

@test "--status of one step, and of one node" {
  touch "$WORLD/work-n2"
  go 2.30 --status --step 2.30/2 --node n2
  exits 0
  same 1 "${#lines[@]}"
}

@test "--status takes the operator's word for a step" {
  touch "$WORLD"/{work-n1,work-n2,work-n3}
  printf 'then\twho\t2.30/4\tdone by hand\n' >"$STATE/attested.tsv"
  go 2.30 --status
  exits 0
  has 'attested'
}

@test "--dry-run changes nothing and makes no state files" {
  rm -r "$HOUSE/osp-runbook"
  leaves_all_as_it_was --dry-run
  exits 0
  [[ ! -e $HOUSE/osp-runbook ]]
  if world looked; then false; fi
}

@test "--dry-run shows the commands of what would run, for each node" {
  go 2.30 --dry-run
  has 'would run: disruptive'
  has 'touch work on n1'
  has 'touch work on n3'
  has 'would run: destructive; three files are left'
  has 'would check'
  has '2.30: 6 steps would run, 0 are checked again later, 0 cannot be determined; nothing was changed'
}

@test "--dry-run says what is done, and opens no bracket for it" {
  touch "$WORLD"/{work-n1,work-n2,work-n3,wipe}
  go 2.30 --dry-run
  has 'not needed: the steps it prepares for are done'
  has 'already done'
  has '2.30: 0 steps would run'
}

@test "--dry-run: what closes a bracket that would open would run, at the end" {
  go 2.30 --dry-run
  has '2.30/3  Lower the flag'
  has 'would run: at the end: it undoes 2.30/1'
  has 'touch lower'
}

@test "--dry-run: what holds now is not called done where something before it would run" {
  touch "$WORLD"/{work-n2,wipe}
  go 2.30 --dry-run
  same 'would run|already done|would run' "$(awk '/2.30\/2/ { getline; sub(/^ */, ""); sub(/:.*|  \(.*/, ""); print }' <<<"$output" | paste -sd'|')"
  has 'later: checked again when its turn comes'
}

@test "--dry-run: nothing is called done where the section would not begin yet" {
  section_script 2.29 <<'S'
simple ground
steps
2.29/1 ground change low - 60 Level the ground
S
  section_script 2.31 2.29 <<'S'
simple house
steps
2.31/1 house change low - 60 Build
S
  seal
  touch "$WORLD/house"
  go 2.31 --dry-run
  has 'it would not start yet: section 2.29 is not done: 2.29/1    no       Level the ground'
  has 'later: checked again when its turn comes'
  lacks 'already done'
  touch "$WORLD/ground"
  go 2.31 --dry-run
  has 'already done'
}

@test "--dry-run says what cannot be told, and goes on" {
  touch "$WORLD/work.unknown"
  go 2.30 --dry-run
  exits 0
  has 'cannot tell'
  has '[7/7]'
}

@test "--dry-run wants neither approval nor lock" {
  rm "$STATE/approved"
  exec 8>>"$HOUSE/osp-runbook/lab.lock"
  flock 8
  go 2.30 --dry-run
  exits 0
}

@test "--dry-run leaves no scratch files behind" {
  go 2.30 --dry-run
  same '' "$(ls "$TMPDIR")"
}

@test "a run leaves no scratch files behind, whatever its end" {
  touch "$WORLD/raise.broken"
  go 2.30
  exits 1
  same '' "$(ls "$TMPDIR")"
}
