# Errexit is alive in an apply, whatever the apply looks like.

load ../helpers

setup() { bundle_up; }

# apply_of LINES: a section whose one step has these lines as its apply; every line that must not be reached says never.
apply_of() {
  section_script 2.30 <<S
simple first
first_apply() {
$1
touch "\$WORLD/first"
}
q_yes() { return 0; }
q_no() { return 1; }
q_unknown() { return 2; }
shout_never() { echo never; }
steps
2.30/1 first change low - 60 The first step
S
  seal
  go 2.30
}

stops_clean() {
  exits 1
  has 'failed'
  # the line itself: the report of a failure quotes the script
  if grep -qx never <<<"$output" || world first; then
    printf 'it went on:\n%s\n' "$output" >&2
    return 1
  fi
}

@test "a failing command in the middle ends the apply" {
  apply_of 'false
echo never'
  stops_clean
}

@test "a failing command in a function ends the apply" {
  apply_of 'f() { false; echo never; }; f; echo never'
  stops_clean
}

@test "a failing command in a function called behind a condition ends the apply" {
  apply_of 'f() { false; echo never; }
if [[ x == x ]]; then f; fi
echo never'
  stops_clean
}

@test "a failing pipe ends the apply" {
  apply_of 'false | cat
echo never'
  stops_clean
}

@test "a failing command substitution in a plain assignment ends the apply" {
  apply_of 'local a
a=$(false)
echo never'
  stops_clean
}

@test "an unset variable ends the apply" {
  apply_of 'echo "$nowhere_set"
echo never'
  stops_clean
}

@test "a subshell that fails ends the apply" {
  apply_of '(false; echo never)
echo never'
  stops_clean
}

@test "a wait that runs out of time ends the apply, and says what it waited for" {
  apply_of "wait_until 20 'the sun to rise' q_no
echo never"
  stops_clean
  has 'timed out after 20 s: the sun to rise'
}

@test "errexit is alive behind a question, a wait and a when_yes" {
  apply_of "answer q_yes
wait_until 20 'nothing' q_yes
when_yes q_yes -- true
when_no q_yes -- true
false
echo never"
  stops_clean
}

@test "errexit is alive inside what when_yes runs" {
  apply_of 'f() { false; echo never; }
when_yes q_yes -- f
echo never'
  stops_clean
}

@test "a question that cannot tell ends the apply" {
  apply_of 'when_yes q_unknown -- shout_never
echo never'
  stops_clean
}

@test "a question that cannot tell inside a wait counts as not yet" {
  apply_of "q_late() { if ((\$(date +%s) < 1795384820)); then return 2; fi; }
wait_until 60 'an answer' q_late"
  exits 0
  has 'waiting for an answer'
}

@test "errexit is alive where the credentials of a cloud are used, even if their file ends with an error" {
  printf 'export OS_USERNAME=admin\nfalse\n' >"$HOUSE/stackrc"
  apply_of 'f() { echo "as $OS_USERNAME"; false; echo never; }
with_stackrc f
echo never'
  stops_clean
  has 'as admin'
}

@test "a command's exit 4 is a failure, not a hand-over" {
  apply_of '(exit 4)
echo never'
  stops_clean
}

@test "the apply runs in the stack user's home, not in the bundle" {
  apply_of 'pwd; touch was_here'
  exits 0
  has "$HOUSE"
  [[ -e $HOUSE/was_here ]]
  [[ ! -e $BUNDLE/was_here ]]
}

@test "a home that cannot be entered ends the apply before its first command" {
  site UNDERCLOUD_HOME="$BATS_TEST_TMPDIR/nowhere"
  section_script 2.30 <<'S'
simple first
first_requires() { rm -r -- "$UNDERCLOUD_HOME"; }
first_apply() { echo never; }
steps
2.30/1 first change low - 60 The first step
S
  seal
  mkdir -p "$BATS_TEST_TMPDIR/nowhere"
  OSP_STATE_DIR="$STATE" go 2.30
  exits 1
  lacks never
}

@test "an apply reads nothing from the run's stdin" {
  apply_of 'cat'
  exits 0
}

@test "files that an apply makes can be read by others, as when the guide is followed by hand" {
  apply_of 'touch "$WORLD/made"'
  same 644 "$(stat -c %a "$WORLD/made")"
}

@test "the canary refuses when the runner stands in a condition" {
  section_script 2.30 <<'S'
simple first
steps
2.30/1 first change low - 60 The first step
S
  sed -i 's/^run_steps$/if run_steps; then echo never; fi/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 3
  has 'set -e is not in effect'
  lacks never
  same '' "$(calls)"
}

@test "the canary refuses when the runner stands before ||" {
  section_script 2.30 <<'S'
simple first
steps
2.30/1 first change low - 60 The first step
S
  sed -i 's/^run_steps$/run_steps || :/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 3
  same '' "$(calls)"
}

@test "what a change warns of is in the journal with its remedy, and the run names its own step alone in the end" {
  section_script 2.30 <<'S'
simple first second third
second_apply() {
warn_of '' 'x is off' 'here: start x'
touch "$WORLD/second"
}
steps
2.30/1 first change low - 60 The first step
2.30/2 second change low - 60 The second step
2.30/3 third change low - 60 The third step
S
  seal
  go 2.30
  exits 0
  has 'warning: x is off: start x'
  has 'warnings: 2.30/2'
  lacks 'warnings: 2.30/2 2.30/3'
  same 'x is off: start x' "$(awk -F '\t' '$8 == "warned" { print $9 }' "$JOURNAL")"
}
