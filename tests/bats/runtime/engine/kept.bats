# Answers that are kept for a moment: what may be believed for how long, and what is never kept.

load ../helpers

setup() {
  bundle_up
  tool sudo '[[ $1 != -H ]] || shift
exec "$@"'
}

# A word that says how often it was run.
COUNTED='counted() { echo x >>"$SCRATCH/runs"; SAID="answer ${1-}"; }; runs() { awk "END { print NR }" "$SCRATCH/runs"; }'

@test "within one question a word runs once, in its subshells too" {
  words "$COUNTED"'
    q() { local one two; one=$(printed kept name counted); two=$(printed kept name counted); echo "$one, $two" >&3; }
    exec 3>&1; ask q; runs'
  same 'answer , answer |1' "$(paste -sd'|' <<<"$output")"
}

@test "two questions are two moments" {
  words "$COUNTED"'
    q() { kept name counted; }; ask q; ask q; runs'
  same 2 "$output"
}

@test "outside of a question nothing is kept" {
  words "$COUNTED"'
    printed kept name counted; printed kept name counted; runs'
  same 'answer |answer |2' "$(paste -sd'|' <<<"$output")"
}

@test "two names are two answers" {
  words "$COUNTED"'
    q() { printed kept "a b" counted 1; printed kept "a c" counted 2; }; exec 3>&1; w() { q >&3; }; ask w'
  same 'answer 1|answer 2' "$(paste -sd'|' <<<"$output")"
}

@test "what ends with an error is not kept, and neither is half an answer" {
  words "$COUNTED"'
    half() { counted; return 3; }
    q() { local status=0; kept name half || status=$?; kept name counted; return "$((status == 3 ? 0 : 2))"; }
    ask q; echo "$ANSWER"; runs'
  same 'yes|2' "$(paste -sd'|' <<<"$output")"
}

@test "an answer that is still being written, or was cut short by a full disk, is asked for again" {
  words "$COUNTED"'
    q() { kept name counted; printf "answ" >"$KEPT.name"; printed kept name counted >&3; printed kept name counted >&3; }
    exec 3>&1; ask q; runs'
  same 'answer |answer |3' "$(paste -sd'|' <<<"$output")"
}

@test "half an answer is none wherever it was cut, and a whole one is kept to its last newline" {
  words 'long() { echo x >>"$SCRATCH/runs"; SAID=$'"'"'\n  one\n\ntwo ten\n\n'"'"'; }
    q() {
      local whole i
      kept name long; kept name long; printf "<%s>" "$SAID" >&3
      whole=$(cat "$KEPT.name"; echo .); whole=${whole%.}
      for ((i = 0; i < ${#whole}; i++)); do printf %s "${whole:0:i}" >"$KEPT.name"; kept name long; done
      echo "${#whole}" >&3
    }
    exec 3>&1; ask q; awk "END { print NR }" "$SCRATCH/runs"'
  # eighteen bytes and the line that says so, cut at each of them; and the first time
  same '<
  one

two ten

>|20|21' "$(sed 's/^>/&|/' <<<"$output" | sed -e ':a' -e '/^>|/{N;s/\n/|/;ta' -e '}')"
}

@test "an empty answer is an answer" {
  words 'empty() { echo x >>"$SCRATCH/runs"; SAID=""; }
    q() { kept name empty; kept name empty; }; ask q; awk "END { print NR }" "$SCRATCH/runs"'
  same 1 "$output"
}

@test "a scratch folder that is full costs time, and no answer" {
  words "$COUNTED"'
    q() { rmdir -- "$SCRATCH/kept"; printed kept name counted >&3; printed kept name counted >&3; }; exec 3>&1; ask q; echo "$ANSWER"'
  same 'answer |answer |yes' "$(paste -sd'|' <<<"$output")"
}

@test "what is left to do is judged by what was learnt less than a minute ago, and anew once something was done" {
  words "$COUNTED"'
    q() { kept name counted; }
    STEADY=1000; ask_lately q; STEADY=1059; ask_lately q; runs
    STEADY=1060; ask_lately q; runs
    forget_lately; ask_lately q; runs'
  same '1|2|3' "$(paste -sd'|' <<<"$output")"
}

@test "the functions that run elsewhere are gathered once a run, whatever their arguments" {
  words 'f() { g "$1"; }; g() { echo "got $1"; }
    as_root f one; declare -f f >/dev/null; unset -f g; as_root f two; as_root f "three f"'
  same 'got one|got two|got three f' "$(paste -sd'|' <<<"$output")"
}

@test "functions that an argument names come along" {
  words 'f() { "$@"; }; g() { echo from g; }; h() { echo from h; }
    as_root f g; as_root f h'
  same 'from g|from h' "$(paste -sd'|' <<<"$output")"
}

# A section of two steps whose questions look at the same thing, `seen`, which notes every look and who wanted it.
looking() {
  section_script 2.30 <<S
seen() { echo "\$1" >>"\$WORLD/looks"; }
look() { kept seen seen "\$1"; }
one_satisfied() { look one-satisfied; [[ -e \$WORLD/one ]]; }
one_requires() { look one-requires; }
one_apply() { look one-apply; touch -- "\$WORLD/one"; }
one_verify() { look one-verify; [[ -e \$WORLD/one ]]; }
two_satisfied() { look two-satisfied; [[ -e \$WORLD/two ]]; }
two_requires() { look two-requires; }
two_apply() { look two-apply; touch -- "\$WORLD/two"; }
two_verify() { look two-verify; [[ -e \$WORLD/two ]]; }
steps
2.30/1 one change low - 60 One
2.30/2 two change $1 - 60 Two
S
  seal
}
looks() { paste -sd, "$WORLD/looks"; }

@test "a step of low risk begins by what its first question learnt; the next one goes by what this one's proof learnt" {
  looking low
  go 2.30
  exits 0
  same one-satisfied,one-apply,one-verify,two-apply,two-verify "$(looks)"
}

@test "whether a disruptive step may begin is asked anew" {
  looking disruptive
  go 2.30 --yes
  exits 0
  same one-satisfied,one-apply,one-verify,two-requires,two-apply,two-verify "$(looks)"
}

@test "what was learnt more than a minute ago lets nothing begin" {
  looking low
  sed -i 's/^one_satisfied() { look one-satisfied;/& sleep 61;/; s/^one_verify() { look one-verify;/& sleep 61;/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 0
  same one-satisfied,one-requires,one-apply,one-verify,two-satisfied,two-apply,two-verify "$(looks)"
}

@test "a wait within a check looks each time anew" {
  section_script 2.30 <<'S'
health() { hear cat -- "$WORLD/health"; }
is_well() { why 'it is not well'; kept health health || return 2; [[ $SAID == well ]]; }
one_check() {
  ask is_well
  if wait_until 60 'it to be well' is_well; then pass 'it is well'; else fail "$WHY"; fi
}
steps
2.30/1 one check low - 60 One
S
  seal
  echo ill >"$WORLD/health"
  printf '#!/bin/bash\necho well >%q\n' "$WORLD/health" >"$WORLD/at_sleep"
  chmod +x "$WORLD/at_sleep"
  go 2.30
  exits 0
  has 'it is well'
}
