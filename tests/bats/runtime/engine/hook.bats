# The site's own programs around the disruptive work on a node.

load ../helpers

setup() {
  bundle_up
  for word in before after; do
    printf '#!/bin/bash\necho "%s $*" >>"$WORLD/calls"\necho "said by %s"\n[[ ! -e $WORLD/%s.fails ]]\n' "$word" "$word" "$word" >"$BATS_TEST_TMPDIR/$word"
    chmod +x "$BATS_TEST_TMPDIR/$word"
  done
}

hooked() {
  site HOOK_BEFORE_NODE="$BATS_TEST_TMPDIR/before" HOOK_AFTER_NODE="$BATS_TEST_TMPDIR/after"
  section_script 2.30 <<S
simple look reboot check_up
steps
each computes ${1-}
2.30/1 look     change low        - 60 Look
2.30/2 reboot   change disruptive - 60 Reboot
2.30/3 check_up change low        - 60 Check up
end_each
S
  seal
  touch "$WORLD"/{look,reboot,check_up}-n3
}

@test "before the first disruptive step of a node, and after its last step" {
  hooked
  go 2.30 --yes
  exits 0
  same 'look n1,before n1 2.30,reboot n1,check_up n1,after n1 2.30,look n2,before n2 2.30,reboot n2,check_up n2,after n2 2.30' "$(calls)"
}

@test "in a batch each node stays silenced until the batch is through" {
  hooked 2
  go 2.30 --yes
  exits 0
  same 'look n1,look n2,before n1 2.30,reboot n1,before n2 2.30,reboot n2,check_up n1,check_up n2,after n1 2.30,after n2 2.30' "$(calls)"
}

@test "a hook that fails before refuses the step" {
  hooked
  touch "$WORLD/before.fails"
  go 2.30 --yes
  exits 3
  same 'look n1,before n1 2.30' "$(calls)"
  has "the hook $BATS_TEST_TMPDIR/before failed for n1"
}

@test "each hook has five minutes" {
  tool timeout 'echo "$*" >>"$WORLD/limits"; exec '"$(type -P timeout)"' "$@"'
  hooked
  go 2.30 --yes
  exits 0
  same 2 "$(grep -c -e "^--kill-after=10 300 $BATS_TEST_TMPDIR/before n[12] 2.30$" "$WORLD/limits")"
  same 2 "$(grep -c -e "^--kill-after=10 300 $BATS_TEST_TMPDIR/after n[12] 2.30$" "$WORLD/limits")"
}

@test "a hook that took minutes: the gates are asked again, and a step that they refuse now has silenced nobody for good" {
  hooked
  # meanwhile it is no longer right to begin
  sed -i '2i touch "$WORLD/reboot.no"; printf "%d\\n" "$(($(<"$CLOCK") + 200))" >"$CLOCK"' "$BATS_TEST_TMPDIR/before"
  go 2.30 --yes
  exits 3
  has 'reboot says no'
  same 'look n1,before n1 2.30,after n1 2.30' "$(calls)"
  # one that took no time asks nothing again
  sed -i '2s/+ 200/+ 20/' "$BATS_TEST_TMPDIR/before"
  rm "$WORLD/reboot.no" "$WORLD/calls"
  go 2.30 --yes
  has 'reboot says no'
  same 'before n1 2.30,reboot n1,check_up n1,after n1 2.30,look n2' "$(calls)"
}

@test "a screen that was stopped before a step began: the gates are asked again" {
  hooked
  # (a stand-in for whoever stops it: it is stopped where the last word before the step is written)
  sed -i '/^steps/i say_begun() { note begun; if [[ ${STEP_RISK[$1]} != low ]]; then touch "$WORLD/reboot.no"; printf "%d\\n" "$(($(<"$CLOCK") + 600))" >"$CLOCK"; fi; }' "$(script_of 2.30)"
  seal
  go 2.30 --yes
  exits 3
  has 'reboot says no'
  same 'look n1,before n1 2.30,after n1 2.30' "$(calls)"
}

@test "a hook that fails afterwards is a warning" {
  hooked
  touch "$WORLD/after.fails"
  go 2.30 --yes
  exits 0
  has "the hook $BATS_TEST_TMPDIR/after failed for n1"
  same 2 "$(journalled hook-failed)"
}

@test "a hook that is not there refuses the step" {
  hooked
  rm "$BATS_TEST_TMPDIR/before"
  go 2.30 --yes
  exits 3
}

@test "after a failure the node's monitoring comes back" {
  hooked
  touch "$WORLD/reboot.broken"
  go 2.30 --yes
  exits 1
  same 'look n1,before n1 2.30,reboot n1,after n1 2.30' "$(calls)"
}

@test "what a hook prints is in the log" {
  hooked
  go 2.30 --yes
  grep -q 'said by before' "$STATE/logs/2.30.log"
}

@test "a step on no node has no hooks" {
  hooked
  section_script 2.31 <<'S'
simple reboot
steps
2.31/1 reboot change disruptive - 60 Reboot
S
  seal
  go 2.31 --yes
  same reboot "$(calls)"
}
