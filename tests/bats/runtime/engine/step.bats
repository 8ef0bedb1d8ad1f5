# A section is run: in order, once, and nothing twice.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple first second third
look_check() { pass 'all is well'; }
steps
2.30/1 first  change low - 60 The first step
2.30/2 second change low - 60 The second step
2.30/3 third  change low - 60 The third step
2.30/4 look   check  -   - 60 All is well
S
  seal
}

@test "a fresh run does every step in the list's order" {
  go 2.30
  exits 0
  same first,second,third "$(calls)"
  has '[1/4] 2.30/1  The first step'
  has '[4/4] 2.30/4  All is well'
  has '3 steps changed something, exit 0'
}

@test "a second run repeats nothing" {
  go 2.30
  go 2.30
  exits 0
  same first,second,third "$(calls)"
  has 'already done'
  has '0 steps changed something, exit 0'
}

@test "a second run repeats nothing with the journal deleted" {
  go 2.30
  rm "$JOURNAL"
  go 2.30
  exits 0
  same first,second,third "$(calls)"
}

@test "a journal that says done does not stand for the world" {
  go 2.30
  rm "$WORLD/second"
  go 2.30
  exits 0
  same first,second,third,second "$(calls)"
}

@test "a failing apply ends the run with 1, and the steps behind it are not begun" {
  touch "$WORLD/second.broken"
  go 2.30
  exits 1
  same first,second "$(calls)"
  has 'failed'
  has 'completed in this run: 2.30/1'
}

@test "the run goes on from the step that failed" {
  touch "$WORLD/second.broken"
  go 2.30
  rm "$WORLD/second.broken"
  go 2.30
  exits 0
  same first,second,second,third "$(calls)"
}

@test "a failing apply is told by its own line of the script" {
  section_script 2.31 <<'S'
simple first
first_apply() {
  helper "$WORLD"
}
helper() {
  true
  grep --quiet 'what is not there' "$1/calls"
}
steps
2.31/1 first change low - 60 The first step
S
  touch "$WORLD/calls"
  seal
  go 2.31
  has "failed: grep --quiet 'what is not there' \"\$1/calls\"  ended with 1 (2.31-section.sh, line "
  same 1 "$(grep -c 'grep --quiet.*ended with 1' "$JOURNAL")"
}

@test "a stop says what to type to continue" {
  touch "$WORLD/second.broken"
  go 2.30
  has "to continue: cd $BUNDLE && ./2.30-section.sh"
}

@test "what this run changed before a stop is told, and what an earlier run changed is not" {
  touch "$WORLD/third.broken" "$WORLD/first"
  go 2.30
  exits 1
  has 'completed in this run: 2.30/2'
  lacks 'completed in this run: 2.30/1'
}

@test "a run that changed nothing before it stopped says so" {
  touch "$WORLD/first.broken"
  go 2.30
  has 'no step was completed in this run'
}

@test "satisfied that cannot tell refuses with 3 before the apply" {
  touch "$WORLD/second.unknown"
  go 2.30
  exits 3
  same first "$(calls)"
  has 'cannot tell whether this is done'
}

@test "requires that says no refuses with 3, its reason and its remedy" {
  touch "$WORLD/second.no"
  go 2.30
  exits 3
  same first "$(calls)"
  has 'refused: second says no'
  has 'remedy: remove second.no'
}

@test "an apply without effect ends with 1 when the deadline is over" {
  touch "$WORLD/second.vain"
  go 2.30
  exits 1
  same first,second "$(calls)"
  has 'timed out after 1 m 00 s: The second step'
}

@test "the effect may come late, within the deadline" {
  touch "$WORLD/second.vain"
  printf '#!/bin/bash\nif (( $(cat "$CLOCK") > 1795384830 )); then touch "$WORLD/second"; fi\n' >"$WORLD/at_sleep"
  chmod +x "$WORLD/at_sleep"
  go 2.30
  exits 0
  has ': waiting for The second step'
}

@test "an unexpected end of the runtime is a failure with a way to continue" {
  section_script 2.31 <<'S'
simple first
steps
2.31/1 first change low - 60seconds The first step
S
  seal
  go 2.31
  exits 1
  has 'bug in the runtime'
  has 'to continue:'
}

@test "no word of the runtime can be taken for a function of a step" {
  same '' "$(grep -lE '^[a-z0-9_]+_(requires|satisfied|apply|verify|attend|check|rescue)\(\)' "$BUNDLE"/lib/*/*.sh)"
}

@test "a run that fails names whom the spec says to call; one that waits or ends well does not" {
  section_script 2.30 <<'S'
simple one
steps
2.30/1 one change low - 60 The only step
S
  printf 'Storage on call\text. 4711\nChange manager\tchat #change\n' >"$BUNDLE/lib/contacts.tsv"
  touch "$WORLD/one.broken"
  seal
  go 2.30 --yes
  exits 1
  has 'contact: Storage on call: ext. 4711'
  has 'contact: Change manager: chat #change'
  rm "$WORLD/one.broken"
  go 2.30 --yes
  exits 0
  lacks 'contact:'
}
