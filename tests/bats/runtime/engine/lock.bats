# One run per site, and the lock ends with the run.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple first
steps
2.30/1 first change low - 60 The first step
S
  seal
  LOCK="$HOUSE/osp-runbook/lab.lock"
}

@test "a second run ends with 5 and says who holds the lock" {
  printf 'stack pid 4711, section 2.08, since 2026-11-22 21:00:00\n' >"$LOCK"
  exec 8>>"$LOCK"
  flock 8
  go 2.30
  exits 5
  same '' "$(calls)"
  has 'pid 4711, section 2.08'
  has 'fuser -v'
}

@test "two runs of ours: the second ends with 5 while the first is at work" {
  sed -i 's|^first_apply() {|&\n  [[ -e $WORLD/second ]] \|\| "$BASH" "$BUNDLE/$SCRIPT" >"$WORLD/second" 2>\&1 \|\| printf "%d\\n" "$?" >"$WORLD/ended"|' "$(script_of 2.30)"
  seal
  go 2.30
  exits 0
  same 5 "$(cat "$WORLD/ended")"
  grep -q 'another run holds the lock of site lab' "$WORLD/second"
  same 1 "$(grep -c $'\tbegin\t' "$JOURNAL")"
}

@test "a refused second run leaves the holder's text alone, and no line in the journal" {
  printf 'stack pid 4711\n' >"$LOCK"
  exec 8>>"$LOCK"
  flock 8
  go 2.30
  same 'stack pid 4711' "$(cat "$LOCK")"
  [[ ! -e $JOURNAL ]]
}

@test "the text of a run that was killed stops nobody" {
  printf 'stack pid 4711, section 2.08, since 2026-11-22 21:00:00\n' >"$LOCK"
  go 2.30
  exits 0
  same 1 "$(wc -l <"$LOCK")"
  same 1 "$(grep -c 'section 2.30, since' "$LOCK")"
}

@test "a process that an apply leaves behind does not keep the lock" {
  sed -i 's|^first_apply() {|&\n  "$REAL_SLEEP" 30 >/dev/null 2>\&1 \& echo $! >"$WORLD/pid"|' "$(script_of 2.30)"
  seal
  go 2.30
  exits 0
  kill -0 "$(cat "$WORLD/pid")"
  exec 8>>"$LOCK"
  flock --nonblock 8
  kill "$(cat "$WORLD/pid")"
}

@test "a process that a question leaves behind does not keep the lock" {
  sed -i 's|^first_requires() {|&\n  "$REAL_SLEEP" 30 >/dev/null 2>\&1 \& echo $! >"$WORLD/pid";|' "$(script_of 2.30)"
  seal
  go 2.30
  exits 0
  exec 8>>"$LOCK"
  flock --nonblock 8
  kill "$(cat "$WORLD/pid")"
}

@test "a process that a hook leaves behind does not keep the lock" {
  printf '#!/bin/bash\n"$REAL_SLEEP" 30 >/dev/null 2>&1 &\necho $! >"$WORLD/pid"\n' >"$BATS_TEST_TMPDIR/hook"
  chmod +x "$BATS_TEST_TMPDIR/hook"
  site HOOK_BEFORE_NODE="$BATS_TEST_TMPDIR/hook"
  section_script 2.31 <<'S'
simple first
steps
each controllers
2.31/1 first change disruptive - 60 The first step
end_each
S
  seal
  go 2.31 --yes
  exits 0
  exec 8>>"$LOCK"
  flock --nonblock 8
  kill "$(cat "$WORLD/pid")"
}

@test "the log's writer does not keep the lock" {
  sed -i 's|^first_apply() {|&\n  readlink /proc/*/fd/9 >"$WORLD/holders" 2>/dev/null \|\| :|' "$(script_of 2.30)"
  seal
  go 2.30
  exits 0
  same 1 "$(grep -c "^$LOCK$" "$WORLD/holders")"
}

@test "a lock that cannot be written refuses with a remedy" {
  mkdir "$LOCK"
  go 2.30
  exits 3
  has 'the lock cannot be written'
  same '' "$(calls)"
}

@test "sites do not lock each other out" {
  exec 8>>"$HOUSE/osp-runbook/other.lock"
  flock 8
  go 2.30
  exits 0
}
