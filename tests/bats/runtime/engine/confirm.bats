# Confirmations, on a real terminal and without one.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple calm rough final
steps
2.30/1 calm  change low         - 60 A calm step
2.30/2 rough change disruptive  - 60 A rough step
2.30/3 final change destructive - 60 A final step
S
  seal
}

@test "without a terminal a disruptive step waits with 4, and says how to continue" {
  go 2.30
  exits 4
  same calm "$(calls)"
  has 'run it on a terminal, or with --yes'
  same 1 "$(journalled waiting 2.30/2)"
}

@test "--yes stands for disruptive steps, never for destructive ones" {
  go 2.30 --yes
  exits 4
  same calm,rough "$(calls)"
  has "a destructive step needs confirmation"
  lacks 'or with --yes'
}

@test "what may print nothing for an hour says that it has begun, and when" {
  go 2.30 --yes
  same 1 "$(grep --count 'begun at 22:0[0-9]:[0-9][0-9]Z' <<<"$output")"
  [[ $output == *rough*'begun at 22:0'*done* ]]
}

@test "with the time that it began at stands what its section usually takes, for a backup's steps of low risk too" {
  printf '2.30\t2.30-section.sh\t-\tSection\t20 to 40 min (10 to 20 min each; 2 nodes)\t-\n' >"$BUNDLE/lib/sections.tsv"
  seal
  go 2.30 --yes
  same 1 "$(grep --count 'begun at 22:0[0-9]:[0-9][0-9]Z; 2.30 usually takes 20 to 40 min (10 to 20 min each; 2 nodes)$' <<<"$output")"
  rm "$WORLD/calm" "$WORLD/rough"
  printf '2.30\t2.30-section.sh\t-\tSection\t10 to 60 min\tlong\n' >"$BUNDLE/lib/sections.tsv"
  seal
  go 2.30 --yes
  same 2 "$(grep --count 'begun at 22:0[0-9]:[0-9][0-9]Z; 2.30 usually takes 10 to 60 min$' <<<"$output")"
}

@test "the commands are shown before the question" {
  go 2.30 --yes
  has 'the world has rough; to go back: rm rough'
  has 'will run:'
  has 'touch rough on <node>'
  has 'touch final on <node>'
}

@test "what a step does and how to go back is told before its first node, and not again" {
  section_script 2.31 <<'S'
simple rough
steps
each computes 1
2.31/1 rough change disruptive - 60 A rough step
end_each
S
  seal
  go 2.31 --yes
  exits 0
  same 1 "$(grep -c 'the world has rough' <<<"$output")"
  same 3 "$(grep -c 'will run:' <<<"$output")"
}

shown_script() {
  section_script 2.33 <<S
simple final
final_shown() { $1; }
steps
2.33/1 final change destructive - 60 A final step
S
  seal
}

@test "what a step will touch stands before the question, without control characters" {
  shown_script 'printf "server one  0001\\e[2J\\nserver two  0002\\n"'
  on_terminal 'lab' 2.33
  exits 0
  has 'server one  0001[2J'
  has 'server two  0002'
}

@test "what cannot be shown is not asked for: refused, and nothing is begun" {
  shown_script 'why "nova does not answer" "ask nova"; return 2'
  go 2.33
  exits 3
  has 'cannot show what this step affects: nova does not answer'
  same '' "$(calls)"
}

@test "on a terminal: y goes on, and a destructive step wants the site's name" {
  on_terminal 'y|lab' 2.30
  exits 0
  same calm,rough,final "$(calls)"
  has 'type y to continue, anything else stops here:'
  has 'type lab to continue, anything else stops here:'
  same 2 "$(journalled confirmed)"
}

@test "on a terminal: y is not enough for a destructive step" {
  on_terminal 'y|y' 2.30
  exits 4
  same calm,rough "$(calls)"
  has 'not confirmed'
}

@test "on a terminal: Enter alone stops" {
  on_terminal '|=>' 2.30
  on_terminal 'stops here:=>' 2.30
  exits 4
  same calm "$(calls)"
}

@test "on a terminal: yes is y" {
  on_terminal 'yes|no' 2.30
  exits 4
  same calm,rough "$(calls)"
}

@test "on a terminal: --yes still asks before a destructive step" {
  on_terminal 'lab' 2.30 --yes
  exits 0
  same calm,rough,final "$(calls)"
}

@test "a destructive step on a node wants that node's name" {
  section_script 2.31 <<'S'
simple final
steps
each computes
2.31/1 final change destructive - 60 A final step
end_each
S
  seal
  on_terminal 'n1|n1' 2.31
  exits 4
  same 'final n1' "$(calls)"
  has 'type n2 to continue'
  has 'touch final on n2'
}

@test "Ctrl-C at the question ends with 130, and nothing of the step was begun" {
  on_terminal '^C' 2.30
  exits 130
  same calm "$(calls)"
  has 'interrupted with Ctrl-C'
  has 'before 2.30/2 A rough step began'
}

@test "a bracket that is open when the operator says no is put back" {
  section_script 2.31 <<'S'
simple raise work lower
steps
2.31/1 raise change low        opens:flag  60 Raise
2.31/2 work  change disruptive body:flag   60 Work
2.31/3 lower change low        closes:flag 60 Lower
S
  seal
  on_terminal 'n' 2.31
  exits 4
  same 'raise,rescue lower' "$(calls)"
}

@test "TMOUT of a hardened login shell does not answer for the operator" {
  words 'echo "[${TMOUT-}]"'
  TMOUT=1 words 'echo "[${TMOUT-}]"'
  same '[]' "$output"
}

# slow_question SECONDS [FILE]: while the operator thinks, so many go by, and what the step required is lost; or FILE of the world comes about.
slow_question() {
  section_script 2.32 <<S
show_commands() {
  printf '%d\\n' "\$((\$(cat "\$CLOCK") + $1))" >"\$CLOCK"
  touch "\$WORLD/${2:-rough.no}"
}
simple rough
steps
2.32/1 rough change disruptive - 60 A rough step
S
  seal
}

@test "a question that stood for hours: the gates are asked again" {
  slow_question 7200
  on_terminal 'y' 2.32
  exits 3
  same '' "$(calls)"
  has 'rough says no'
}

@test "a question that stood for little more than a minute: the gates are asked again" {
  slow_question 70
  on_terminal 'y' 2.32
  exits 3
  same '' "$(calls)"
  has 'rough says no'
}

@test "what took hours to show: the gates are asked again with --yes too" {
  slow_question 7200
  go 2.32 --yes
  exits 3
  same '' "$(calls)"
  has 'rough says no'
}

@test "an answer at once: the gates are not asked twice" {
  slow_question 20
  on_terminal 'y' 2.32
  exits 0
  same rough "$(calls)"
}

@test "a question that stood for minutes: what others have done meanwhile is not done again" {
  slow_question 70 rough
  on_terminal 'y' 2.32
  exits 0
  same '' "$(calls)"
  has 'already done: meanwhile'
  has '0 steps changed something'
}

@test "a question that stood for minutes: whether it has been done meanwhile has to be known" {
  slow_question 70 rough.unknown
  on_terminal 'y' 2.32
  exits 3
  same '' "$(calls)"
  has 'cannot tell whether this is done'
}
