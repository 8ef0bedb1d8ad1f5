# The command line: what is misspelt is reported, and does nothing.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple first second
look_check() { pass 'well'; }
steps
2.30/1 first  change low - 60 The first step
2.30/2 second change low - 60 The second step
2.30/3 look   check  -   - 60 A look
S
  seal
}

nothing_was_done() {
  same '' "$(calls)"
  [[ ! -e $JOURNAL ]]
}

@test "--help says what there is, and does nothing" {
  go 2.30 --help
  exits 0
  has '--force-gate REASON'
  has 'exit  0 done'
  nothing_was_done
}

@test "-h is --help" {
  go 2.30 -h
  exits 0
  has '--dry-run'
}

@test "an unknown option is a usage error" {
  go 2.30 --dryrun
  exits 2
  has 'unknown option: --dryrun'
  nothing_was_done
}

@test "a stray word is a usage error" {
  go 2.30 2.30/1
  exits 2
  nothing_was_done
}

@test "an unknown option with an escape sequence in it cannot draw on the terminal" {
  go 2.30 $'--\e[2J'
  exits 2
  lacks $'\e'
}

@test "an option without its value is a usage error" {
  for option in --step --node --force-gate; do
    go 2.30 "$option"
    exits 2
    has "$option requires a value"
  done
  nothing_was_done
}

@test "the next option is not taken for a value" {
  go 2.30 --force-gate --yes
  exits 2
  nothing_was_done
}

@test "a reason of blanks is none" {
  go 2.30 --force-gate '  '
  exits 2
  nothing_was_done
}

@test "--step=ID is --step ID" {
  go 2.30 --step=2.30/1
  exits 0
  same first "$(calls)"
}

@test "a step that is not there is a usage error" {
  go 2.30 --step 2.30/9
  exits 2
  has 'no step 2.30/9 here; see --list'
  nothing_was_done_but_begun
}

nothing_was_done_but_begun() { same '' "$(calls)"; }

@test "--step twice is a usage error" {
  go 2.30 --step 2.30/1 --step 2.30/2
  exits 2
  nothing_was_done
}

@test "two modes are a usage error" {
  go 2.30 --dry-run --status
  exits 2
  has '--status does not go with --dry-run'
}

@test "--step does that step alone" {
  touch "$WORLD/first"
  go 2.30 --step 2.30/2
  exits 0
  same second "$(calls)"
  lacks 'A look'
}

@test "--step refuses while an earlier step is not done" {
  go 2.30 --step 2.30/2
  exits 3
  has 'step 2.30/2 requires this step, which is not done'
  has 'remedy: ./2.30-section.sh --step 2.30/1'
  same '' "$(calls)"
}

@test "--step refuses while an earlier step cannot be told" {
  touch "$WORLD/first.unknown"
  go 2.30 --step 2.30/2
  exits 3
  same '' "$(calls)"
}

@test "--step goes past an earlier step that was attested" {
  printf 'then\twho\t2.30/1\tdone by hand\n' >"$STATE/attested.tsv"
  go 2.30 --step 2.30/2
  exits 0
  same second "$(calls)"
}

@test "--step of a check runs the check" {
  touch "$WORLD/first" "$WORLD/second"
  go 2.30 --step 2.30/3
  exits 0
  has pass
}

@test "what is to be typed to continue has the options of this run" {
  touch "$WORLD/second.broken" "$WORLD/first"
  go 2.30 --step 2.30/2
  has './2.30-section.sh --step 2.30/2'
}

@test "an attestation is of that step alone, and of none whose id begins or ends the same" {
  printf 'then\twho\t%s\tdone by hand\n' 2.30/1f 2.30/10 12.30/1 2.30 >"$STATE/attested.tsv"
  go 2.30 --step 2.30/1
  exits 0
  lacks attested
  same first "$(calls)"
}

@test "an attestation that names a node is of that node alone" {
  section_script 2.31 <<'S'
simple work
steps
each computes
2.31/1 work change low - 60 Do the work
end_each
S
  seal
  printf 'then\twho\t2.31/1\tdone by hand\tn2\n' >"$STATE/attested.tsv"
  go 2.31
  exits 0
  same 'work n1,work n3' "$(calls)"
  go 2.31 --status
  has 'attested Do the work  n2'
}

@test "an attested step is not run, and its word stands in the list" {
  printf 'then\twho\t2.30/1\tdone by hand\n' >"$STATE/attested.tsv"
  go 2.30
  exits 0
  same second "$(calls)"
  has "attested: the operator has recorded it as done"
}
