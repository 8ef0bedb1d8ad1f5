# The journal: one line per write, ten columns, whatever is in them.

load ../helpers

setup() {
  bundle_up
  section_script 2.30 <<'S'
simple first second
steps
2.30/1 first  change low - 60 The first step
2.30/2 second change low - 60 The second step
S
  seal
}

# keeps TEXT: words run in a section's place with a real journal.
keeps() {
  words "SITE_NAME=lab WRITES=yes DIGEST=0123456789abcdef
state_open
log_open
$1"
}

ten_columns() { same '' "$(awk -F '\t' 'NF != 10' "$JOURNAL")"; }

@test "a run leaves begin, start, done and end, with time, who, change and bundle" {
  go 2.30
  ten_columns
  same 'begin start done start done end' "$(cut -f8 "$JOURNAL" | xargs)"
  same "2026-11-22T22:00:00Z $(id -un) CHG1 $(cut -c1-12 "$STATE/approved") 2.30 2.30/1 - start -" "$(sed -n 2p "$JOURNAL" | cut -f 1-9 | tr '\t' ' ')"
}

@test "the journal is for its owner alone" {
  go 2.30
  same '700 700 700 600' "$(stat -c %a "$STATE" "$STATE/logs" "$STATE/evidence" "$JOURNAL" | xargs)"
}

@test "a state folder that others could read is closed" {
  chmod 755 "$STATE"
  go 2.30
  same 700 "$(stat -c %a "$STATE")"
}

@test "tabs, line breaks and control characters in a detail cannot break a line" {
  keeps 'journal 2.30/1 n1 failed "$(printf "a\tb\nc\r\e[31md\x01\x7f\xc2\x9b31m")"'
  ten_columns
  same 1 "$(wc -l <"$JOURNAL")"
  same 'a b c [31md?31m' "$(cut -f9 "$JOURNAL")"
}

@test "a detail in Japanese is kept as it is" {
  keeps 'journal 2.30/1 n1 failed "再起動できません"'
  same '再起動できません' "$(cut -f9 "$JOURNAL")"
}

@test "a long detail is cut, in one write, never inside a character" {
  keeps 'journal 2.30/1 n1 failed "$(printf "x%.0s" {1..599})再起動$(printf "y%.0s" {1..3000})"'
  same 1 "$(wc -l <"$JOURNAL")"
  ten_columns
  iconv -f UTF-8 -t UTF-8 "$JOURNAL" >/dev/null
  (($(wc -c <"$JOURNAL") < 1000))
}

@test "who is the person behind sudo" {
  SUDO_USER=tanaka go 2.30
  [[ $(cut -f2 "$JOURNAL" | sort -u) == *' (sudo says tanaka)' ]]
}

@test "a line that was cut short does not swallow the next" {
  printf 'cut off' >"$JOURNAL"
  go 2.30
  same 'cut off (cut short)' "$(head -n 1 "$JOURNAL")"
  same 7 "$(wc -l <"$JOURNAL")"
}

@test "a second run appends, and resumes with the journal" {
  touch "$WORLD/second.broken"
  go 2.30
  rm "$WORLD/second.broken"
  go 2.30
  exits 0
  same 'begin start done start failed end begin satisfied start done end' "$(cut -f8 "$JOURNAL" | xargs)"
}

@test "options and the forced gate stand in the begin line" {
  go 2.30 --step 2.30/1 --force-gate 'the boss said so'
  has_line=$(awk -F '\t' '$8 == "begin" { print $9 }' "$JOURNAL")
  same '--step 2.30/1 --force-gate the boss said so' "$has_line"
}

@test "the end line has the exit status" {
  touch "$WORLD/first.no"
  go 2.30
  same 'exit 3, refused' "$(awk -F '\t' '$8 == "end" { print $9 }' "$JOURNAL")"
}

@test "a full disk stops a run before its first change" {
  sed -i "s/^first_satisfied() {/&\n  ln -sf \/dev\/full $(printf '%s' "${JOURNAL//\//\\/}")/" "$(script_of 2.30)"
  seal
  go 2.30
  exits 3
  same '' "$(calls)"
  has 'the journal cannot be written'
  has 'the journal cannot be written, so nothing is started'
}

@test "a disk that fills up while a step runs: the step is told of, and the next is not begun" {
  section_script 2.31 <<'S'
simple first second
first_apply() { echo first >>"$WORLD/calls"; touch "$WORLD/first"; rm -- "$JOURNAL"; ln -s /dev/full "$JOURNAL"; }
steps
2.31/1 first  change low - 60 The first step
2.31/2 second change low - 60 The second step
S
  seal
  go 2.31
  exits 3
  same first "$(calls)"
  has 'completed in this run: 2.31/1'
  has 'the journal cannot be written'
}

@test "a disk that fills up in the last step is no clean end" {
  section_script 2.31 <<'S'
simple first
first_apply() { echo first >>"$WORLD/calls"; touch "$WORLD/first"; rm -- "$JOURNAL"; ln -s /dev/full "$JOURNAL"; }
steps
2.31/1 first  change low - 60 The first step
S
  seal
  go 2.31
  exits 1
}

@test "room is held back for the line that says how a step ended" {
  go 2.30
  same 65536 "$(stat -c %s "$STATE/reserve")"
}

@test "a state folder that cannot be made refuses, with a remedy" {
  rm -r "$HOUSE/osp-runbook"
  mkdir -p "$BATS_TEST_TMPDIR/elsewhere"
  cp -r "$STATE" "$BATS_TEST_TMPDIR/elsewhere" 2>/dev/null || :
  touch "$BATS_TEST_TMPDIR/a_file"
  OSP_STATE_DIR="$BATS_TEST_TMPDIR/a_file/state" go 2.30
  exits 3
  same '' "$(calls)"
}

@test "OSP_STATE_DIR moves the state, and the lock stays" {
  mkdir -p "$BATS_TEST_TMPDIR/other"
  cp "$STATE/approved" "$BATS_TEST_TMPDIR/other/"
  OSP_STATE_DIR="$BATS_TEST_TMPDIR/other" go 2.30
  exits 0
  [[ -s $BATS_TEST_TMPDIR/other/journal.tsv && ! -e $JOURNAL && -e $HOUSE/osp-runbook/lab.lock ]]
}

@test "a record that is a pipe, a link or writable by others is refused" {
  go 2.30 --status
  mkdir -p "$STATE/logs" "$STATE/evidence"
  printf 'of another\n' >"$BATS_TEST_TMPDIR/elsewhere"
  for way in 'mkfifo "$file"' 'ln -s "$BATS_TEST_TMPDIR/elsewhere" "$file"' ': >"$file"; chmod g+w "$file"' ': >"$file"; chmod o+w "$file"'; do
    for name in approved attested.tsv journal.tsv journal.last reserve site.yaml.lines logs/2.30.log evidence/2.30-1.tsv rebooting-n1; do
      file="$STATE/$name"
      if [[ -e $file ]]; then mv "$file" "$BATS_TEST_TMPDIR/kept"; fi
      eval "$way"
      for mode in --status --dry-run --yes; do
        go 2.30 "$mode"
        exits 3
        has "$file is not a regular file that $(id -un) alone can write"
      done
      rm "$file"
      if [[ -e $BATS_TEST_TMPDIR/kept ]]; then mv "$BATS_TEST_TMPDIR/kept" "$file"; fi
    done
  done
  # what a plan has in the cloud comes with the modes that it has there
  mkdir -p "$STATE/plan-before/container"
  chmod 775 "$STATE/plan-before/container"
  : >"$STATE/plan-before/container/overcloud.yaml"
  chmod 666 "$STATE/plan-before/container/overcloud.yaml"
  go 2.30
  exits 0
  chmod g+w "$STATE"
  go 2.30
  exits 3
  has "chmod go-w $STATE"
  chmod g-w "$STATE"
  go 2.30
  exits 0
}

@test "a record that cannot be looked through is refused, with the reason" {
  go 2.30 --status
  mkdir -p "$STATE"
  tool find 'if [[ "$*" != *"/plan-"* ]]; then exec /usr/bin/find "$@"; fi
echo "find: ./logs: Input/output error" >&2
exit 1'
  go 2.30
  exits 3
  has 'the record of this change cannot be looked through: find: ./logs: Input/output error'
}

@test "a pipe in the place of the lock is not waited for" {
  mkfifo "$HOUSE/osp-runbook/lab.lock"
  go 2.30
  exits 3
  has 'the lock cannot be written'
}

@test "OSP_STATE_DIR has to be absolute" {
  for mode in --yes --status; do
    OSP_STATE_DIR=state go 2.30 "$mode"
    exits 3
    has 'OSP_STATE_DIR is not an absolute path: state'
  done
  [[ ! -e $BUNDLE/state ]]
  same '' "$(calls)"
}

@test "a journal that is no file is refused before anything begins" {
  mkdir -p "${JOURNAL%/*}"
  mkfifo "$JOURNAL"
  go 2.30 --yes
  exits 3
  has "$JOURNAL is not a regular file"
  rm "$JOURNAL"
  mkdir "$JOURNAL"
  go 2.30 --yes
  exits 3
  same '' "$(calls)"
}

# chain: is the journal as it was written?
chain() { run python3 "$REPOSITORY/templates/_runtime/report/chain.py" "$JOURNAL" "$STATE/journal.last"; }

@test "each line carries the sum of all that stands before it" {
  local at
  go 2.30
  same - "$(sed -n 1p "$JOURNAL" | cut -f 10)"
  for at in 2 6; do
    same "$(head -n $((at - 1)) "$JOURNAL" | sha256sum | cut -d ' ' -f 1)" "$(sed -n "${at}p" "$JOURNAL" | cut -f 10)"
  done
  same "$(tail -n 1 "$JOURNAL")" "$(cat "$STATE/journal.last")"
  chain
  exits 0
  has '6 lines, each as it was written'
  has "sha256 $(sha256sum <"$JOURNAL" | cut -d ' ' -f 1)"
}

@test "two runs in turn, words from a subshell, and somebody beside a run: the chain holds" {
  go 2.30
  go 2.30
  keeps '(journal 2.30/1 n1 warning inside); journal 2.30/1 n1 warning outside
seal_into seal
printf "%s\t%s\n" "beside$(printf "\tx%.0s" {1..8})" "$seal" >"$STATE/beside"
journal 2.30/1 n2 warning between
cat "$STATE/beside" >>"$JOURNAL"
journal 2.30/1 n3 warning behind'
  exits 0
  chain
  exits 0
}

@test "a line that was changed, taken out or put in is found, the first one by its number" {
  go 2.30
  cp "$JOURNAL" "$BATS_TEST_TMPDIR/whole"
  sed -i '3s/done/none/' "$JOURNAL"
  chain
  exits 1
  has 'line 4 does not fit: line 3 was changed'
  sed 2d "$BATS_TEST_TMPDIR/whole" >"$JOURNAL"
  chain
  exits 1
  has 'line 2 does not fit'
  { head -n 2 "$BATS_TEST_TMPDIR/whole" && printf 'x\n' && tail -n +3 "$BATS_TEST_TMPDIR/whole"; } >"$JOURNAL"
  chain
  exits 1
  has 'line 3 has no seal, so the scripts did not write it: x'
  tail -n +2 "$BATS_TEST_TMPDIR/whole" >"$JOURNAL"
  chain
  exits 1
}

@test "lines cut off at the end, and a last line that was changed, are found" {
  go 2.30
  cp "$JOURNAL" "$BATS_TEST_TMPDIR/whole"
  sed -i '$d' "$JOURNAL"
  chain
  exits 1
  has 'lines are missing at the end: the last one that was written is not there'
  sed '$s/exit 0/exit 1/' "$BATS_TEST_TMPDIR/whole" >"$JOURNAL"
  chain
  exits 1
  : >"$JOURNAL"
  chain
  exits 1
  cp "$BATS_TEST_TMPDIR/whole" "$JOURNAL"
  rm "$STATE/journal.last"
  chain
  exits 1
  has 'journal.last is gone'
}

@test "a run that is killed leaves a journal that fits, and the next one seals it" {
  section_script 2.31 <<'S'
simple first
first_apply() { touch "$WORLD/first"; kill -9 $$; }
steps
2.31/1 first change low - 60 The first step
S
  seal
  go 2.31
  same 'begin start' "$(cut -f8 "$JOURNAL" | xargs)"
  chain
  exits 0
  go 2.31
  exits 0
  chain
  exits 0
  # killed between the two writes: journal.last has the line before it, or is empty
  head -n 2 "$JOURNAL" | tail -n 1 >"$STATE/journal.last"
  chain
  exits 0
  : >"$STATE/journal.last"
  chain
  exits 0
  has 'it is unknown whether lines are missing at the end'
}

@test "a line that a full disk cut short is no fault, wherever it was cut" {
  local bytes
  for bytes in 5 70 100; do
    rm -rf "$JOURNAL" "$STATE/journal.last" "$WORLD"/*
    go 2.30
    tail -n 1 "$JOURNAL" | head -c "$bytes" >>"$JOURNAL"
    chain
    exits 0
    has 'the last line has no end yet'
    go 2.30
    exits 0
    chain
    exits 0
    has 'line 7 was cut short'
  done
}

@test "what an older bundle wrote has no seal, and what follows it has" {
  go 2.30
  cut -f 1-9 "$JOURNAL" >"$BATS_TEST_TMPDIR/old"
  cp "$BATS_TEST_TMPDIR/old" "$JOURNAL"
  chain
  exits 1
  has 'no line has a seal'
  go 2.30
  chain
  exits 0
  has 'lines 1 to 6 have no seal of their own: an older bundle wrote them'
  sed -i '2s/start/stop/' "$JOURNAL"
  chain
  exits 1
}
