# Questions have three answers, and cannot tell never counts as one of the others.

load ../helpers

setup() { bundle_up; }

@test "ask: 0 is yes" {
  words 'ask yes; echo "$ANSWER"'
  same yes "$output"
}

@test "ask: 1 is no, with its reason and remedy" {
  words 'ask no; echo "$ANSWER, $WHY, $REMEDY"'
  same 'no, no is no, make it yes' "$output"
}

@test "ask: 2, 127 and 255 are cannot tell" {
  words 'for n in 2 127 255; do q() { return "$n"; }; ask q; echo "$ANSWER"; done'
  same 'unknown unknown unknown' "$(xargs <<<"$output")"
}

@test "ask: a question in which bash itself breaks down cannot tell" {
  words 'q() { echo "$not_set"; }; ask q; echo "$ANSWER"; r() { exit 1; }; ask r; echo "$ANSWER"'
  same 'unknown unknown' "$(xargs <<<"$output")"
}

@test "ask: a question killed by a signal cannot tell" {
  words 'q() { kill -KILL "$BASHPID"; }; ask q; echo "$ANSWER"'
  has unknown
}

@test "ask: an unset variable in a question is no yes" {
  words 'q() { [[ -n $not_set_anywhere ]]; return 0; }; ask q; echo "$ANSWER"'
  lacks yes
}

@test "ask: a question without a reason of its own is explained by what its command complained of" {
  words 'q() { echo "ssh: no route to host" >&2; return 2; }; ask q; echo "$WHY"'
  same 'ssh: no route to host' "$output"
}

@test "ask: the reason of the question before does not linger" {
  words 'ask no; ask yes; echo "[$WHY$REMEDY]"'
  same '[]' "$output"
}

@test "ask: joined by &&, the first that is not yes decides" {
  words 'q() { yes && unknown && no; }; ask q; echo "$ANSWER $WHY"; q() { yes && no && unknown; }; ask q; echo "$ANSWER"'
  same 'unknown nobody answers no' "$(xargs <<<"$output")"
}

@test "ask: leaves errexit as it was, on" {
  words 'ask no; [[ $- == *e* ]]; echo still; false; echo never'
  exits 1
  has still
  lacks never
}

@test "ask: leaves errexit as it was, off" {
  words 'set +e; ask no; false; echo "goes on"'
  has 'goes on'
}

@test "ask: a reason with a line break and an escape sequence stays one clean line" {
  words 'q() { why "$(printf "one\ntwo\e[31m")" "$(printf "do\nthis")"; return 1; }; ask q; plain "$WHY/$REMEDY"'
  same 'one two[31m/do this' "$output"
}

@test "why: a scratch folder that is full does not turn a yes round" {
  words 'q() { ln -sf /dev/full "$SCRATCH/why"; why "all well"; }; ask q; echo "$ANSWER"'
  same yes "$output"
}

@test "answer: cannot tell ends an apply, with the reason" {
  words '(answer unknown; echo never)'
  exits 1
  has 'cannot tell: nobody answers'
  lacks never
}

@test "when_yes: acts on yes alone" {
  words 'when_yes yes -- echo acted; when_yes no -- echo wrong; echo end'
  same 'acted end' "$(xargs <<<"$output")"
}

@test "when_yes: cannot tell ends the apply" {
  words '(when_yes unknown -- echo wrong; echo never)'
  exits 1
  lacks wrong
  lacks never
}

@test "when_no: acts on no alone" {
  words 'when_no no -- echo acted; when_no yes -- echo wrong; echo end'
  same 'acted end' "$(xargs <<<"$output")"
}

@test "when_no: cannot tell ends the apply" {
  words '(when_no unknown -- echo wrong; echo never)'
  exits 1
  lacks wrong
  lacks never
}

@test "when_yes: a command that fails ends the apply" {
  words 'c() { false; echo never; }; (when_yes yes -- c; echo never)'
  exits 1
  lacks never
}

@test "when_yes: arguments reach question and command as they are" {
  words 'q() { [[ $1 == "a b" && $2 == "*" ]]; }; when_yes q "a b" "*" -- printf "<%s>" "c  d" ""'
  same '<c  d><>' "$output"
}

@test "opposite: yes and no change places, cannot tell stays" {
  words 'for q in yes no unknown; do ask opposite "$q"; echo "$ANSWER"; done'
  same 'no yes unknown' "$(xargs <<<"$output")"
}

@test "either: the first yes is enough, and the second is not asked" {
  words 'q() { echo asked >&2; }; ask either yes -- q; echo "$ANSWER"; cat "$SCRATCH/stderr"'
  same yes "$output"
}

@test "either: a no leaves it to the second" {
  words 'for q in yes no unknown; do ask either no -- "$q"; echo "$ANSWER"; done'
  same 'yes no unknown' "$(xargs <<<"$output")"
}

@test "either: cannot tell is not overruled by a yes behind it" {
  words 'ask either unknown -- yes; echo "$ANSWER"'
  same unknown "$output"
}

@test "no_claims: none is yes, one is no and named, cannot tell stays" {
  words 'claims_of_flag() { SAID=""; }; ask no_claims flag; echo "$ANSWER"
    claims_of_flag() { SAID=noout$'\''\n'\''norebalance; }; ask no_claims flag; echo "$ANSWER: $WHY"
    claims_of_flag() { return 255; }; ask no_claims flag; echo "$ANSWER"'
  same 'yes|no: still set by this change: noout, norebalance|unknown' "$(paste -sd'|' <<<"$output")"
}

@test "gather: every node's answer and status, and the reason of the node that is asked for" {
  words 'q() { why "reason of $1"; echo "answer of $1"; [[ $1 != n2 ]] || return 7; }
    f() { gather computes q; gathered n3; gathered_status n2; gathered_status n1; return 1; }
    ask f; echo "$WHY"'
  same 'answer of n3|7|0|reason of n1' "$(paste -sd'|' <<<"$output")"
}
