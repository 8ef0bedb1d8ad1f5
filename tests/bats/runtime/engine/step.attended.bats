# Attended steps: a human is part of them; 4 until the human has done it, and the same command goes on.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple first raise work lower
lower_satisfied() { [[ ! -e $WORLD/raise ]]; }
lower_apply() { echo lower >>"$WORLD/calls"; rm -- "$WORLD/raise"; }
ask_requires() { :; }
ask_satisfied() { [[ -e $WORLD/said ]]; }
ask_attend() {
  echo asked >>"$WORLD/calls"
  if [[ -t 0 ]]; then
    ask_operator 'your word (stops here:)'
    if [[ -n $REPLY ]]; then printf '%s' "$REPLY" >"$WORLD/said"; fi
    return
  fi
  hand_over "write your word into $WORLD/said"
}
ask_verify() { [[ -e $WORLD/said ]]; }
steps
2.30/1 first change   low -           60 The first step
2.30/2 raise change   low opens:flag  60 Raise the flag
2.30/3 ask   attended low body:flag   60 The operator says a word
2.30/4 lower change   low closes:flag 60 Lower the flag
S
  sed -i 's/^ask_/say_/; s/ ask  / say  /' "$(script_of 2.30)"
  printf 'ask the operator\n' >"$BUNDLE/lib/commands/2.30-say.txt"
  seal
}

@test "it hands over with 4, says what to do, and leaves what is set up" {
  go 2.30
  exits 4
  same first,raise,asked "$(calls)"
  has "write your word into $WORLD/said"
  has 'waiting: this step waits for the operator'
  has 'remains in place until 2.30/4: Lower the flag'
  has 'to continue:'
  world raise
}

@test "the same command goes on afterwards" {
  go 2.30
  touch "$WORLD/said"
  go 2.30
  exits 0
  same first,raise,asked,lower "$(calls)"
}

@test "the same command asks again where nothing was done" {
  go 2.30
  go 2.30
  exits 4
  same first,raise,asked,asked "$(calls)"
}

@test "on a terminal it has the terminal" {
  on_terminal 'sesame' 2.30
  exits 0
  same sesame "$(cat "$WORLD/said")"
  same first,raise,asked,lower "$(calls)"
}

@test "one that fails is a failure, and what is set up is put back" {
  sed -i 's/^  echo asked .*/&\n  false/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  same 'first,raise,asked,rescue lower' "$(calls)"
}

@test "one that ends with 4 by accident is a failure" {
  sed -i 's/^  echo asked .*/&\n  (exit 4)/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
}

@test "an attested one is not asked" {
  printf 'then\twho\t2.30/3\tsaid on the phone\n' >"$STATE/attested.tsv"
  go 2.30
  exits 0
  same first "$(calls)"
}

@test "Ctrl-C while it asks ends with 130 and puts back what is set up" {
  on_terminal '^C' 2.30
  exits 130
  same 'first,raise,asked,rescue lower' "$(calls)"
}

@test "what a tool prints in it cannot draw on the terminal, and is kept in the log" {
  printf 'printf "\\e]0;owned\\a\\e[2Jthe tool\\n"\n' >"$BUNDLE/tool"
  sed -i "s|^  echo asked .*|&\n  bash \"\$BUNDLE/tool\"; bash \"\$BUNDLE/tool\" >\&2|" "$(script_of 2.30)"
  seal
  on_terminal sesame 2.30
  exits 0
  lacks $'\e]0'
  lacks $'\e[2J'
  same 2 "$(grep --count --fixed-strings 'the tool' <<<"$output")"
  same 2 "$(grep --count --fixed-strings 'the tool' "$STATE/logs/2.30.log")"
}
