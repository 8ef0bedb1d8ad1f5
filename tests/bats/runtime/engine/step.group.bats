# Groups run whole for one node, or one batch, before the next begins.

load ../helpers

setup() { bundle_up; }

group() {
  section_script 2.30 <<S
simple before drain reboot restore after
steps
2.30/1 before change low - 60 Before
each computes $1
2.30/2 drain   change low opens:node  60 Drain
2.30/3 reboot  change low body:node   60 Reboot
2.30/4 restore change low closes:node 60 Restore
end_each
2.30/5 after change low - 60 After
S
  sed -i 's/^restore_satisfied() {/&\n  [[ -e $WORLD\/drain-$1 ]] || return 0/' "$(script_of 2.30)"
  seal
}

@test "a group runs whole for a node before the next node" {
  group
  go 2.30
  exits 0
  same 'before,drain n1,reboot n1,restore n1,drain n2,reboot n2,restore n2,drain n3,reboot n3,restore n3,after' "$(calls)"
  has '[11/11] 2.30/5  After'
}

@test "a batch runs step by step, and the last batch may be smaller" {
  group 2
  go 2.30
  exits 0
  same 'before,drain n1,drain n2,reboot n1,reboot n2,restore n1,restore n2,drain n3,reboot n3,restore n3,after' "$(calls)"
}

@test "the nodes of other groups are left alone" {
  group
  go 2.30
  lacks '  c1'
}

@test "a failure on one node stops before the next, and puts back that node alone" {
  group
  sed -i 's/^reboot_apply() {/&\n  [[ $1 != n2 ]]/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  same 'before,drain n1,reboot n1,restore n1,drain n2,rescue restore n2' "$(calls)"
}

@test "a failure in a batch puts back every node of it, the last one first" {
  group 2
  sed -i 's/^reboot_apply() {/&\n  [[ $1 != n2 ]]/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  same 'before,drain n1,drain n2,reboot n1,rescue restore n2,rescue restore n1' "$(calls)"
}

@test "a closing that fails in a batch: what the others have closed is not put back again" {
  group 2
  sed -i 's/^restore_apply() {/&\n  [[ $1 != n1 ]]/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  same 'before,drain n1,drain n2,reboot n1,reboot n2,rescue restore n2,rescue restore n1' "$(calls)"
  rm "$WORLD/calls" "$WORLD"/{drain,reboot}-n{1,2}
  sed -i 's/\[\[ $1 != n1 \]\]/[[ $1 != n2 ]]/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 1
  same 'drain n1,drain n2,reboot n1,reboot n2,restore n1,rescue restore n2' "$(calls)"
}

@test "a node that is done opens no bracket of its own" {
  group
  touch "$WORLD/reboot-n2"
  go 2.30
  exits 0
  same 'before,drain n1,reboot n1,restore n1,drain n3,reboot n3,restore n3,after' "$(calls)"
}

@test "--node does that node, with the section's set-up and tear-down" {
  group
  go 2.30 --node n2
  exits 0
  same 'before,drain n2,reboot n2,restore n2,after' "$(calls)"
}

@test "--node of another group, or of no group, is a usage error" {
  group
  go 2.30 --node c1
  exits 2
  go 2.30 --node nobody
  exits 2
  same '' "$(calls)"
}

@test "--node with --step is one step on one node" {
  group
  touch "$WORLD/before"
  go 2.30 --node n2 --step 2.30/2
  exits 0
  same 'drain n2' "$(calls)"
}

@test "--step in a group: the node before must be through" {
  group
  touch "$WORLD/before"
  go 2.30 --step 2.30/2
  exits 3
  same 'drain n1,rescue restore n1' "$(calls)"
  has '2.30/3  Reboot'
}

@test "the journal names the node" {
  group
  go 2.30
  same 1 "$(awk -F '\t' '$6 == "2.30/3" && $7 == "n2" && $8 == "done"' "$JOURNAL" | wc -l)"
}

@test "a reason names the node whose question could not tell" {
  group
  sed -i 's/^reboot_satisfied() {/&\n  if [[ $1 == n2 ]]; then why "n2 does not answer"; return 2; fi/' "$(script_of 2.30)"
  seal
  go 2.30
  exits 3
  has 'cannot tell whether 2.30/3 n2 is done: n2 does not answer'
  same 'before,drain n1,reboot n1,restore n1' "$(calls)"
}

@test "shown commands have the node's name in them" {
  group
  go 2.30 --dry-run
  has 'touch reboot on n3'
}
