# Checks: pass, warn or fail; none stops its siblings, and none passes by breaking down.

load ../helpers

setup() {
  bundle_up
  printf '2.30/9\tknown since CHG6\n' >"$BUNDLE/lib/waivers.tsv"
}

# checks BODY [ID]: a section with that check, and one after it.
checks() {
  section_script 2.30 <<S
one_check() {
$1
}
two_check() { pass 'the second is well'; }
steps
${2:-2.30/1} one check - - 60 The first check
2.30/2 two check - - 60 The second check
S
  seal
  go 2.30
}

evidence() { cat "$STATE/evidence/2.30-${1:-1}.tsv"; }

@test "a pass is 0, with its reason" {
  checks "pass 'all 3 are up'"
  exits 0
  has 'pass: all 3 are up  ('
  same 2 "$(grep --count pass <<<"$output")"
}

@test "a fail is 1 at the end, with its remedy, and the sibling is still asked" {
  checks "fail 'n1 is down' 'start n1'"
  exits 1
  has 'fail  n1 is down'
  has 'remedy: start n1'
  has 'pass: the second is well'
  has 'failed checks: 2.30/1'
}

@test "a warning is 0" {
  checks "warn 'n1 is slow' 'look at n1'"
  exits 0
  has 'warnings: 2.30/1'
}

@test "the worst word counts, and what is well is then left out" {
  checks "pass 'n1 is up'; fail 'n2 is down'; warn 'n3 is slow'; pass 'n4 is up'"
  exits 1
  has 'fail  n2 is down'
  has 'warn  n3 is slow'
  lacks 'n1 is up'
}

@test "a check without a verdict is a fail" {
  checks ':'
  exits 1
  has 'the check gave no result'
}

@test "a check that breaks down after a pass is a fail" {
  checks "pass 'n1 is up'
echo \"\$nowhere_set\"
pass 'n2 is up'"
  exits 1
  has 'the check stopped before it finished'
  has 'the second is well'
}

@test "a check that ends itself after a pass is a fail" {
  checks "pass 'n1 is up'; exit 0"
  exits 1
  has 'the check stopped before it finished'
}

@test "a failing command does not end a check" {
  checks "false; pass 'n1 is up'"
  exits 0
}

@test "findings that cannot be written are no pass" {
  checks "pass 'n1 is up'; rm \"\$SCRATCH/findings\"; ln -s /dev/full \"\$SCRATCH/findings\"; fail 'n2 is down'; pass 'n3 is up'"
  exits 1
}

@test "a waived fail is shown, does not fail the run, and its reason stands beside it" {
  checks "fail 'n1 is down' 'start n1'" 2.30/9
  exits 0
  has 'fail  n1 is down'
  has 'waived: known since CHG6'
  has 'warnings: 2.30/9'
}

@test "a waiver does not touch another check" {
  checks "fail 'n1 is down'" 2.30/1
  exits 1
}

@test "a finding with tabs, line breaks and escape sequences stays one clean line" {
  checks "fail \"\$(printf 'a\\tb\\nc\\e[2J')\" \"\$(printf 'do\\nthis')\""
  has 'fail  a b c[2J'
  lacks $'\e'
  same $'fail\ta b c[2J\tdo this' "$(evidence | tail -n 1)"
}

@test "the evidence has the verdict, its time and every finding" {
  checks "pass 'n1 is up'; fail 'n2 is down' 'start n2'"
  same $'verdict\tfail\t2026-11-22T22:00:00Z|pass\tn1 is up\t|fail\tn2 is down\tstart n2' "$(evidence | paste -sd'|')"
}

@test "the journal has the finding that decided" {
  checks "pass 'n1 is up'; fail 'n2 is down'"
  same 'n2 is down' "$(awk -F '\t' '$6 == "2.30/1" && $8 == "fail" { print $9 }' "$JOURNAL")"
}

@test "pass_or_fail: yes, no and cannot tell" {
  checks "pass_or_fail 'all is well' 'mend it' q_no
pass_or_fail 'all is well' 'mend it' q_dumb
pass_or_fail 'all is well' 'mend it' q_yes
}
q_yes() { :; }
q_no() { why 'n1 is down'; return 1; }
q_dumb() { return 255;"
  exits 1
  has 'fail  n1 is down'
  has 'fail  cannot tell: all is well'
  has 'remedy: mend it'
}

@test "evidence that cannot be kept stops the run" {
  mkdir -p "$STATE/evidence/2.30-1.tsv.new"
  checks "pass 'n1 is up'"
  exits 1
  has 'the evidence of 2.30/1 cannot be kept'
}

@test "lines of site.yaml stand under their finding and in a file, those of other checks beside them" {
  mkdir -p "$STATE"
  printf '%s\n' '# head' '' '# == 2.29/1' '# of another section' 'a: 1' '' '# == 2.30/7' '# of a step that is gone' 'b: 1' \
    '' '# == 2.30/1' '# what was found last' 'c: 1' >"$STATE/site.yaml.lines"
  checks $'fail $\'n1 is\\e[2J down\' "" "# d: add" $\'d:\\n1\'; warn "n2 is slow" "look"'
  exits 1
  has $'        fail  n1 is[2J down\n              remedy: -\n              # d: add\n              d: 1'
  has "lines for site.yaml: $STATE/site.yaml.lines"
  [ "$(sed 1,2d "$STATE/site.yaml.lines")" = $'\n# == 2.29/1\n# of another section\na: 1\n\n# == 2.30/1\n# n1 is[2J down\n# d: add\nd: 1' ]
  checks "pass 'n1 is up'"
  exits 0
  lacks 'lines for site.yaml'
  [ "$(sed 1,2d "$STATE/site.yaml.lines")" = $'\n# == 2.29/1\n# of another section\na: 1' ]
}

@test "a file of lines that cannot be written costs no verdict" {
  mkdir -p "$STATE/site.yaml.lines"
  checks "fail 'n1 is down' 'start n1' 'd: 1'"
  exits 1
  has 'the lines for site.yaml cannot be kept'
  has 'pass: the second is well'
}
