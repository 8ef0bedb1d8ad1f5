# Ctrl-C, SIGTERM, a lost terminal, a broken pipe: what was running is named, what was set up is put back, and the way to continue is printed.

load ../helpers

setup() {
  bundle_up
  mkfifo "$WORLD/fifo" "$WORLD/block"
  # one process that says it is there and then waits for ever: no signal can fall between two
  tool hold 'exec awk '"'"'BEGIN { fifo = ENVIRON["WORLD"] "/fifo"; print "begun" >fifo; close(fifo); getline <(ENVIRON["WORLD"] "/block") }'"'"
  section_script 2.30 <<'S'
simple raise work lower last
lower_satisfied() { [[ ! -e $WORLD/raise ]]; }
lower_apply() { echo lower >>"$WORLD/calls"; rm -- "$WORLD/raise"; }
work_apply() {
  echo work >>"$WORLD/calls"
  hold
  echo 'work went on' >>"$WORLD/calls"
}
steps
2.30/1 raise change low opens:flag  60 Raise the flag
2.30/2 work  change low body:flag   60 Do the work
2.30/3 lower change low closes:flag 60 Lower the flag
2.30/4 last  change low -           60 The last step
S
  seal
}

# signalled SIGNALS... -- ID [OPTION...]
signalled() {
  local -a plan=()
  while [[ $1 != -- ]]; do
    plan+=("$1")
    shift
  done
  run "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/signalled.py" "${plan[@]}" -- "$RUNBOOK_BASH" "$(script_of "$2")" "${@:3}"
}

# The work ends by itself once the signal was sent: for signals that the run alone gets.
work_ends_after_signal() {
  mkfifo "$WORLD/sent"
  sed -i 's|^  hold$|  echo begun >"$WORLD/fifo"\n  cat -- "$WORLD/sent"|' "$(script_of 2.30)"
  seal
}

was_put_back() {
  same 'raise,work,rescue lower' "$(calls)"
  has 'while 2.30/2 Do the work was running; it may be half done'
  has 'undoing the set-up: 2.30/3 Lower the flag'
  has 'completed in this run: 2.30/1'
  has "to continue: cd $BUNDLE && ./2.30-section.sh"
  same 1 "$(journalled interrupted 2.30/2)"
}

@test "Ctrl-C to the group: 130, and what is set up is put back" {
  signalled INT:group -- 2.30
  exits 130
  has 'interrupted with Ctrl-C'
  was_put_back
  same 'exit 130, interrupted' "$(awk -F '\t' '$8 == "end" { print $9 }' "$JOURNAL")"
}

@test "SIGTERM to the group: 143" {
  signalled TERM:group -- 2.30
  exits 143
  was_put_back
}

@test "SIGQUIT to the group does not skip the rescue" {
  signalled QUIT:group -- 2.30
  exits 130
  was_put_back
}

@test "SIGHUP to the group: 129, and the log has what would have been on the screen" {
  signalled HUP:group -- 2.30
  exits 129
  output=$(cat "$STATE/logs/2.30.log")
  has 'the terminal is gone (SIGHUP)'
  was_put_back
}

@test "a lost terminal says so more than once: the rescue is not cut short" {
  mkfifo "$WORLD/sent"
  sed -i 's|^lower_rescue() {|&\n  echo begun >"$WORLD/fifo"\n  cat -- "$WORLD/sent"\n|' "$(script_of 2.30)"
  seal
  signalled HUP:group HUP:group:told -- 2.30
  exits 129
  same 'raise,work,rescue lower' "$(calls)"
}

@test "a subshell that a signal meets as it begins leaves the rescue to the run, which it meets too" {
  words 'set +e; CURRENT_ROW=0 OPEN_BRACKETS=(0); (on_signal 129 "the terminal is gone (SIGHUP)"; echo "went on"); echo "$?"'
  same 129 "$output"
  same '' "$(calls)"
}

@test "a subshell that a signal ends as it begins undoes nothing, and removes no scratch file of the run" {
  words 'set +e; MODE=run CURRENT_ROW=0 OPEN_BRACKETS=(0); (at_exit 1; echo "went on"); echo "$?"; ls -d -- "$SCRATCH" "$COPY" >/dev/null && echo there'
  same $'1\nthere' "$output"
  same '' "$(calls)"
}

@test "Ctrl-C ends the apply even where the command takes it for an ordinary end" {
  sed -i "s|^  hold$|  bash -c 'trap \"exit 0\" INT; hold; exit 0'|" "$(script_of 2.30)"
  seal
  signalled INT:group -- 2.30
  exits 130
  was_put_back
}

@test "SIGTERM to the run alone is heard when the command that runs has ended, and the step's end is told" {
  work_ends_after_signal
  signalled TERM:alone:told -- 2.30
  exits 143
  same 'raise,work,work went on,rescue lower' "$(calls)"
  has '2.30/2 Do the work has finished, but its effect was not checked'
}

@test "SIGINT to the run alone does the same" {
  work_ends_after_signal
  signalled INT:alone:told -- 2.30
  exits 130
  same 'raise,work,work went on,rescue lower' "$(calls)"
}

@test "SIGHUP to the run alone: 129" {
  work_ends_after_signal
  signalled HUP:alone:told -- 2.30
  exits 129
  same 'raise,work,work went on,rescue lower' "$(calls)"
}

@test "a second Ctrl-C while things are put back: left as they are, with the way to continue" {
  sed -i 's|^lower_rescue() {|&\n  echo "rescue begun" >>"$WORLD/calls"\n  hold\n|' "$(script_of 2.30)"
  seal
  signalled INT:group INT:group -- 2.30
  exits 130
  same 'raise,work,rescue begun' "$(calls)"
  has 'interrupted again while undoing'
  has 'remains in place until 2.30/3: Lower the flag'
  has "to continue: cd $BUNDLE"
  same 1 "$(awk -F '\t' '$8 == "end" && $9 ~ /while undoing/' "$JOURNAL" | wc -l)"
}

@test "after Ctrl-C the same command finishes the work" {
  signalled INT:group -- 2.30
  sed -i 's|^  hold$|  touch "$WORLD/work"|' "$(script_of 2.30)"
  seal
  go 2.30
  exits 0
  same 'raise,work,rescue lower,work,work went on,lower,last' "$(calls)"
}

@test "Ctrl-C on a terminal, pressed by a hand" {
  sed -i 's|^  hold$|  awk "BEGIN { print \\"at work\\"; fflush(); getline <\\"$WORLD/block\\" }"|' "$(script_of 2.30)"
  seal
  on_terminal 'at work=>^C' 2.30
  exits 130
  was_put_back
}

@test "a terminal that is closed: the rescue is done, and the log tells of it" {
  sed -i 's|^  hold$|  awk "BEGIN { print \\"at work\\"; fflush(); getline <\\"$WORLD/block\\" }"|' "$(script_of 2.30)"
  seal
  on_terminal 'at work=>HANGUP' 2.30
  same 'exit 129, interrupted' "$(awk -F '\t' '$8 == "end" { print $9 }' "$JOURNAL")"
  output=$(cat "$STATE/logs/2.30.log")
  was_put_back
}

@test "Ctrl-C while a step waits for its effect" {
  touch "$WORLD/work.vain"
  section_script 2.31 <<'S'
simple work
work_apply() { echo work >>"$WORLD/calls"; }
steps
2.31/1 work change low - 600 Do the work
S
  printf '#!/bin/bash\nexec hold\n' >"$WORLD/at_sleep"
  chmod +x "$WORLD/at_sleep"
  seal
  signalled INT:group -- 2.31
  exits 130
  has '2.31/1 Do the work has run, but its effect was not there yet'
}

@test "Ctrl-C while a question is asked: nothing was begun" {
  sed -i 's|^work_requires() {|&\n  hold;|' "$(script_of 2.30)"
  seal
  signalled INT:group -- 2.30
  exits 130
  same 'raise,rescue lower' "$(calls)"
  has 'before 2.30/2 Do the work began'
}

@test "Ctrl-C while a question is asked: whether all is undone is told by a new look, and not by what the question had learnt" {
  sed -i -e 's|^lower_satisfied() .*raise .*|lower_satisfied() { kept flag look_at_flag; [[ $SAID == down ]]; }\nlook_at_flag() { SAID=down; if [[ -e $WORLD/raise ]]; then SAID=up; fi; }|' \
    -e 's|^lower_rescue() .*|lower_rescue() { rm -- "$WORLD/raise"; }|' -e 's|^work_requires() {|&\n  opposite lower_satisfied; hold;|' "$(script_of 2.30)"
  seal
  signalled INT:group -- 2.30
  exits 130
  has 'undone'
  lacks 'not undone'
  same 1 "$(journalled rescued 2.30/3)"
}

@test "Ctrl-C while a check looks" {
  section_script 2.31 <<'S'
look_check() { hold; pass 'well'; }
steps
2.31/1 look check - - 60 A look
S
  seal
  signalled INT:group -- 2.31
  exits 130
  has 'which changes nothing'
}

@test "Ctrl-C in a dry run leaves no scratch files" {
  sed -i 's|^work_satisfied() {|&\n  hold|' "$(script_of 2.30)"
  seal
  signalled INT:group -- 2.30 --dry-run
  exits 130
  same '' "$(ls "$TMPDIR")"
}

@test "a pipe that closes (| head, a killed tee): the run stops before its next step, and puts back" {
  sed -i 's|^  hold$|  touch "$WORLD/work"; sed q "$WORLD/pipe_closed" >/dev/null|' "$(script_of 2.30)"
  seal
  mkfifo "$WORLD/pipe_closed"
  # the fifo opens when the work has begun: only then does the reader of the screen go away
  set +e
  { "$RUNBOOK_BASH" "$(script_of 2.30)" </dev/null 2>&1; echo "$?" >"$WORLD/status"; } | { exec 3>"$WORLD/pipe_closed"; exec <&-; echo closed >&3; }
  set -e
  same 129 "$(cat "$WORLD/status")"
  same 'raise,work,work went on,rescue lower' "$(calls)"
  output=$(cat "$STATE/logs/2.30.log")
  has 'the screen is gone'
  has 'to continue:'
}

@test "Ctrl-C with the output in a tee, which it kills first" {
  cat >"$BATS_TEST_TMPDIR/piped" <<'S'
"$RUNBOOK_BASH" "$SCRIPT_UNDER_TEST" 2>&1 | bash -c 'trap "exit 1" INT; while read -r line; do :; done'
exit "${PIPESTATUS[0]}"
S
  export RUNBOOK_BASH SCRIPT_UNDER_TEST
  SCRIPT_UNDER_TEST=$(script_of 2.30)
  run "${PYTHON:-python3}" "$REPOSITORY/tests/bats/runtime/signalled.py" INT:group -- bash "$BATS_TEST_TMPDIR/piped"
  same 'raise,work,rescue lower' "$(calls)"
  output=$(cat "$STATE/logs/2.30.log")
  was_put_back
}
