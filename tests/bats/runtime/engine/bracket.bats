# Brackets: what is set up is put back, and nothing is set up that is not needed.

load ../helpers

# The outer bracket sets up the flag, the inner one the lock; each closing step has a rescue that says so in $WORLD/calls.
setup() {
  bundle_up
  section_script 2.30 <<'S'
simple raise work lower
raise_satisfied() { [[ -e $WORLD/flag ]]; }
raise_apply() { echo raise >>"$WORLD/calls"; touch "$WORLD/flag"; [[ ! -e $WORLD/raise.broken ]]; }
lower_satisfied() { opposite raise_satisfied; }
lower_apply() { echo lower >>"$WORLD/calls"; [[ ! -e $WORLD/lower.broken ]]; rm -- "$WORLD/flag"; }
lower_rescue() {
  echo "rescue lower" >>"$WORLD/calls"
  [[ ! -e $WORLD/rescue.broken ]]
  rm --force -- "$WORLD/flag"
}
steps
2.30/1 raise change low opens:flag  60 Raise the flag
2.30/2 work  change low body:flag   60 Do the work
2.30/3 lower change low closes:flag 60 Lower the flag
S
  seal
}

@test "it opens, the body runs, it closes" {
  go 2.30
  exits 0
  same raise,work,lower "$(calls)"
  if world flag; then false; fi
}

@test "what an earlier run has left set up is put back where this one stops before it opens anything" {
  touch "$WORLD/flag" "$WORLD/work.unknown"
  go 2.30
  exits 3
  same 'rescue lower' "$(calls)"
  if world flag; then false; fi
}

@test "it is not opened where the body is done" {
  touch "$WORLD/work"
  go 2.30
  exits 0
  same '' "$(calls)"
  has 'not needed: the steps it prepares for are done'
}

@test "the gates of opening are not asked where the body is done" {
  touch "$WORLD/work" "$WORLD/raise.no"
  go 2.30
  exits 0
}

@test "claims of ours from an earlier run: the body is finished, then it closes" {
  touch "$WORLD/flag" "$WORLD/raise.no"
  go 2.30
  exits 0
  same work,lower "$(calls)"
}

@test "claims of ours with the body done: it only closes" {
  touch "$WORLD/flag" "$WORLD/work"
  go 2.30
  exits 0
  same lower "$(calls)"
}

@test "a body step that cannot tell whether it is done refuses before anything is opened" {
  touch "$WORLD/work.unknown"
  go 2.30
  exits 3
  same '' "$(calls)"
  has 'cannot tell whether 2.30/2 is done'
}

@test "a failing body is followed by the rescue" {
  touch "$WORLD/work.broken"
  go 2.30
  exits 1
  same 'raise,work,rescue lower' "$(calls)"
  has 'undoing the set-up: 2.30/3 Lower the flag'
  same 1 "$(journalled rescued 2.30/3)"
}

@test "a body that is refused is followed by the rescue" {
  touch "$WORLD/work.no"
  go 2.30
  exits 3
  same 'raise,rescue lower' "$(calls)"
}

@test "an opening that fails half-way is followed by the rescue" {
  touch "$WORLD/raise.broken"
  go 2.30
  exits 1
  same 'raise,rescue lower' "$(calls)"
}

@test "a closing that fails is followed by the rescue" {
  touch "$WORLD/lower.broken"
  go 2.30
  exits 1
  same 'raise,work,lower,rescue lower' "$(calls)"
}

@test "a body found done by a bracket of an earlier run that fails is rescued too" {
  touch "$WORLD/flag" "$WORLD/work.broken"
  go 2.30
  exits 1
  same 'work,rescue lower' "$(calls)"
}

@test "a rescue that fails says what to do by hand, and the run keeps its status" {
  touch "$WORLD/work.broken" "$WORLD/rescue.broken"
  go 2.30
  exits 1
  has 'this failed; do it by hand'
  has 'touch lower on <node>'
  same 1 "$(journalled rescue-failed 2.30/3)"
}

@test "a rescue that ends well says whether what it undoes is undone; what is not, or not confirmed, has its reason" {
  touch "$WORLD/work.broken"
  go 2.30
  has '        undone'
  lacks 'not undone'
  lacks 'not confirmed'
  sed -i 's/^lower_rescue() {$/&\n  if [[ -e $WORLD\/idle ]]; then return 0; fi/
    s/^lower_satisfied() { opposite.*/lower_satisfied() {\n  if [[ -e $WORLD\/mute ]]; then why "the mast does not answer"; return 2; fi\n  why "the flag is up" "look at the mast"\n  opposite raise_satisfied\n}/' "$(script_of 2.30)"
  seal
  touch "$WORLD/idle"
  go 2.30
  exits 1
  has 'not undone: the flag is up'
  has 'remedy: look at the mast'
  same 1 "$(journalled rescued 2.30/3)"
  same 'not undone: the flag is up' "$(awk -F '\t' '$8 == "rescue-failed" { print $9 }' "$JOURNAL")"
  # it is set up, and then the question has no answer any more
  sed -i 's/^work_apply() {/&\n  touch "$WORLD\/mute"/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  has 'not confirmed to be undone: the mast does not answer'
  lacks '        undone'
}

@test "no rescue after the bracket was closed" {
  section_script 2.31 <<'S'
simple raise work lower last
lower_satisfied() { [[ ! -e $WORLD/raise ]]; }
lower_apply() { echo lower >>"$WORLD/calls"; rm -- "$WORLD/raise"; }
steps
2.31/1 raise change low opens:flag  60 Raise the flag
2.31/2 work  change low body:flag   60 Do the work
2.31/3 lower change low closes:flag 60 Lower the flag
2.31/4 last  change low -           60 Something else
S
  touch "$WORLD/last.broken"
  seal
  go 2.31
  exits 1
  same 'raise,work,lower,last' "$(calls)"
}

# nested <FUNCTIONS: an outer bracket, a and e, with an inner one in it, b and d, around work.
nested() {
  section_script 2.31 <<S
simple a b work d e
$(cat)
steps
2.31/1 a    change low opens:outer  60 A
2.31/2 b    change low opens:inner  60 B
2.31/3 work change low body:inner   60 Work
2.31/4 d    change low closes:inner 60 D
2.31/5 e    change low closes:outer 60 E
S
}

@test "nested brackets are rescued innermost first" {
  nested </dev/null
  touch "$WORLD/work.broken"
  seal
  go 2.31
  exits 1
  same 'a,b,work,rescue d,rescue e' "$(calls)"
}

@test "an outer bracket is needed for what the inner one encloses" {
  nested <<'S'
d_satisfied() { :; }
e_satisfied() { :; }
S
  seal
  go 2.31
  exits 0
  same 'a,b,work' "$(calls)"
  go 2.31
  same 'a,b,work' "$(calls)"
}

@test "errexit is alive in a rescue, wherever the run stopped" {
  nested <<'S'
d_satisfied() { [[ ! -e $WORLD/b ]]; }
e_rescue() { echo "rescue e" >>"$WORLD/calls"; false; echo never >>"$WORLD/calls"; }
S
  # the outer bracket is open when the question of the inner one's body refuses the run
  sed -i 's/^a_verify() .*/a_verify() { touch "$WORLD\/work.unknown"; }/' "$(script_of 2.31)"
  seal
  go 2.31
  exits 3
  same 'a,rescue e' "$(calls)"
  has 'this failed; do it by hand'
}

@test "two brackets of one word close each their own" {
  section_script 2.31 <<'S'
simple a w1 b c w2 d
b_satisfied() { [[ ! -e $WORLD/a ]]; }
b_apply() { echo b >>"$WORLD/calls"; rm -- "$WORLD/a"; }
steps
2.31/1 a  change low opens:flag  60 A
2.31/2 w1 change low body:flag   60 W1
2.31/3 b  change low closes:flag 60 B
2.31/4 c  change low opens:flag  60 C
2.31/5 w2 change low body:flag   60 W2
2.31/6 d  change low closes:flag 60 D
S
  touch "$WORLD/w2.broken"
  seal
  go 2.31
  exits 1
  same 'a,w1,b,c,w2,rescue d' "$(calls)"
}

@test "--step of the opening leaves it open, and says so" {
  go 2.30 --step 2.30/1
  exits 0
  same raise "$(calls)"
  has 'remains in place until 2.30/3: Lower the flag'
}

@test "--step of the body wants the opening first" {
  go 2.30 --step 2.30/2
  exits 3
  has 'step 2.30/2 requires this step, which is not done'
  has './2.30-section.sh --step 2.30/1'
  same '' "$(calls)"
}

@test "--step of a body that fails puts the open bracket back" {
  go 2.30 --step 2.30/1
  touch "$WORLD/work.broken"
  go 2.30 --step 2.30/2
  exits 1
  same 'raise,work,rescue lower' "$(calls)"
}

@test "--step through a bracket, one by one" {
  go 2.30 --step 2.30/1
  go 2.30 --step 2.30/2
  go 2.30 --step 2.30/3
  exits 0
  same raise,work,lower "$(calls)"
  go 2.30
  exits 0
  same raise,work,lower "$(calls)"
}

@test "--step behind a bracket that is done and closed does not open it" {
  go 2.30
  go 2.30 --step 2.30/3
  exits 0
  has 'already done'
}
