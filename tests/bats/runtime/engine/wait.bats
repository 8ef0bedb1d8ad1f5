# Waits: what for, how long, until when; on a clock of our own.

load ../helpers

setup() { bundle_up; }

# The question `late SECONDS` says yes SECONDS after 22:00.
LATE='late() { why "it is late"; (($(date +%s) >= 1795384800 + $1)); }'

@test "a yes at once waits for nothing and says nothing" {
  words "$LATE"'; wait_until 60 "the train" late 0; echo "$WAITED"'
  same yes "$output"
  same 1795384800 "$(cat "$CLOCK")"
}

@test "what settles is judged by a new look each time, also within a check, which else asks the same thing once" {
  words 'TIMEOUT_SETTLE=60; : >"$SCRATCH/findings"; new_moment
    look() { echo >>"$WORLD/looks"; SAID=$(wc -l <"$WORLD/looks"); }
    judge() { kept looks look; if ((SAID < 2)); then not_yet "too early" ""; fi; }
    settle "two looks" judge; cat "$SCRATCH/findings"; wc -l <"$WORLD/looks"'
  same 2 "$(tail -n 1 <<<"$output")"
  lacks 'too early, still so'
}

@test "it asks again until yes" {
  words "$LATE"'; wait_until 600 "the train" late 100; date +%s'
  exits 0
  has 1795384912
}

@test "it asks less often the longer it waits, and never less than every half a minute" {
  words 'late() { echo asked >>"$WORLD/asked"; why late; (($(date +%s) >= 1795384800 + $1)); }; wait_until 1200 "the train" late 1200; date +%s'
  has 1795386000
  same 50 "$(wc -l <"$WORLD/asked")"
}

@test "it says what it waits for, how long, and its deadline" {
  words "$LATE"'; wait_until 1800 "the train" late 100'
  has '0 s of 30 m 00 s, until 22:30:00Z: waiting for the train'
}

@test "it says so once a minute" {
  words "$LATE"'; wait_until 1800 "the train" late 170'
  same 3 "$(grep -c 'waiting for' <<<"$output")"
  has '2 m 20 s of 30 m 00 s, until 22:30:00Z: waiting for the train'
}

@test "when the time is up it is a no, with the question's own reason" {
  words "$LATE"'; set +e; wait_until 60 "the train" late 100; echo "status $?"'
  has 'timed out after 1 m 00 s: the train (it is late)'
  has 'status 1'
  same 1795384860 "$(cat "$CLOCK")"
}

@test "a clock that is set back gives no more time" {
  words 'q() { if [[ ! -e $WORLD/back ]]; then : >"$WORLD/back"; echo 1795381200 >"$CLOCK"; fi; why "it is late"; return 1; }
    wait_until 60 "the train" q || date +%s'
  has 'timed out after 1 m 00 s: the train'
  has 1795381260
}

@test "a deadline of nothing asks once" {
  words "$LATE"'; set +e; wait_until 0 "the train" late 100; echo "status $?"'
  has 'status 1'
  same 1795384800 "$(cat "$CLOCK")"
}

@test "cannot tell counts as not yet" {
  words 'q() { (($(date +%s) >= 1795384820)) || return 255; }; wait_until 60 "the node" q; echo well'
  has well
}

@test "on a terminal the line is redrawn there, and the log has it once a minute" {
  section_script 2.30 <<'S'
simple first
late() { (($(date +%s) >= 1795384800 + 170)); }
first_apply() { echo begun; wait_until 1800 'the train' late; touch "$WORLD/first"; }
steps
2.30/1 first change low - 60 The first step
S
  seal
  TERM=xterm on_terminal '' 2.30
  exits 0
  has $'\r\e[?7l        1 m 12 s of 30 m 00 s, until 22:30:00Z: waiting for the train\e[K'
  same 3 "$(grep -c 'waiting for' "$STATE/logs/2.30.log")"
  same '' "$(grep $'\e' "$STATE/logs/2.30.log")"
}
