# The journal says who did what and when: it is the record for the ticket, never the judge of what is done.
# One line a write, tab-separated: time, who, change, bundle, section, step, node, event, detail, seal.
#
# The seal is the SHA-256 of all that stands in the file before the line, - in the first one: whoever edits a line, takes one out or puts one
# in between breaks the seal of the next. It is of the whole file, and not of the line before alone, so that it needs no memory: a line is
# written from a subshell too, by a run that follows one that was killed, and by `./runbook attest` while a section runs. It costs one process,
# as the clock does, and anybody can count it: head --lines=41 journal.tsv | sha256sum is the seal of line 42.
#
# Cut off at its end a journal would still fit: journal.last holds the line that was written last. `./runbook journal --check` looks at both
# (report/chain.py). Who may write here can seal a forgery too; the last seal goes to the ticket with the evidence, and from then on he cannot.

JOURNAL_LOST=no
# A line is kept below the buffer of bash's printf (1 KiB), so that it reaches the file in one write.
DETAIL_BYTES=600

# A relative one would be a folder of the bundle, where every script goes first.
state_folder() {
  STATE=${OSP_STATE_DIR:-$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME/$CHANGE}
  if [[ $STATE != /* ]]; then gate_refuse "OSP_STATE_DIR is not an absolute path: $(plain "$STATE")" 'begin it with /, or unset it'; fi
  prove_state
}

# prove_state: all in the state folder is a folder or a plain file of this user's, and nobody else can write it. A pipe would be waited for
# without an end; what others can write, or have put behind a link, proves nothing: one line approves a bundle, or a step. A saved plan is data,
# whose files keep the modes that they have in the cloud.
prove_state() {
  local odd
  if [[ ! -e $STATE ]]; then return 0; fi
  odd=$(
    exec 2>&1
    cd -- "$STATE" && find . -ignore_readdir_race -path './plan-*/*' -prune -o \
      \( ! -type d ! -type f -o ! -user "$UNDERCLOUD_USER" -o -perm /022 \) -print -quit
  ) || gate_refuse "the record of this change cannot be looked through: $(plain "${odd:-$STATE}")" "it must belong to $UNDERCLOUD_USER alone: ls -ld $(quoted "$STATE")"
  if [[ -n $odd ]]; then
    odd=$STATE${odd#.}
    gate_refuse "the record of this change may not be its own: $(plain "$odd") is not a regular file that $UNDERCLOUD_USER alone can write" \
      "see whose it is, and what it says: ls -ld $(quoted "$odd"); if it is yours: chmod go-w $(quoted "$odd")"
  fi
}

# state_open: before a run begins. Where its record cannot be kept, nothing is begun.
state_open() {
  state_folder
  JOURNAL=$STATE/journal.tsv
  if ! mkdir --parents -- "$STATE/logs" "$STATE/evidence" || ! chmod 0700 -- "$STATE" "$STATE/logs" "$STATE/evidence"; then
    gate_refuse "the state folder cannot be created: $STATE" "it must belong to $UNDERCLOUD_USER alone: ls -ld $(quoted "$STATE")"
  fi
  if [[ -d $JOURNAL ]]; then
    gate_refuse "the journal is not a regular file: $JOURNAL" "move it away: ls -ld $(quoted "$JOURNAL")"
  fi
  who_is_there
  keep_reserve
  mend_journal
}

# who_is_there: sets WHO: who has logged in, as the system has it, which no variable of the environment can change; what sudo says of the
# user stands beside it where it is another one.
who_is_there() {
  local name
  name=$(logname 2>/dev/null || id -un)
  if [[ -n ${SUDO_USER-} && $SUDO_USER != "$name" ]]; then name+=" (sudo says $SUDO_USER)"; fi
  plain_into WHO "$name"
}

# A disk that fills up while a command runs must still take the line that says how it ended: a little room is held back for that.
keep_reserve() {
  if [[ -s $STATE/reserve ]]; then return 0; fi
  if ! head --bytes=65536 /dev/zero 2>/dev/null >"$STATE/reserve"; then
    rm --force -- "$STATE/reserve"
    gate_refuse "no room left for the journal in $STATE" "make room: df -h $(quoted "$STATE")"
  fi
}

# A line that a full disk cut short is ended, so that the next one begins on its own; it says so, since it has no whole seal.
mend_journal() {
  local file
  for file in "$JOURNAL" "$STATE/attested.tsv"; do
    if [[ -f $file && -s $file && -n $(tail --bytes=1 -- "$file") ]]; then printf ' (cut short)\n' >>"$file"; fi
  done
}

# journal STEP NODE EVENT [DETAIL]: a line that cannot be written is complained of, and the next apply refused.
journal() {
  local when line detail
  if [[ $WRITES != yes ]]; then return 0; fi
  look_at_clock
  TZ=UTC0 printf -v when '%(%Y-%m-%dT%H:%M:%SZ)T' "$NOW"
  plain_into detail "${4:--}"
  cut_detail
  printf -v line '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s' "$when" "$WHO" "$CHANGE" "${DIGEST:0:12}" \
    "$SECTION" "$1" "${2:--}" "$3" "$detail"
  if write_line "$line"; then return 0; fi
  rm --force -- "$STATE/reserve"
  mend_journal 2>/dev/null || :
  if write_line "$line"; then return 0; fi
  JOURNAL_LOST=yes
  complain "the journal cannot be written: $JOURNAL; this line is missing: $line"
}

# write_line TEXT: with its seal. What cannot be noted in journal.last is no reason to lose the line.
write_line() {
  local seal
  seal_into seal
  { printf '%s\t%s\n' "$1" "$seal" >>"$JOURNAL"; } 2>/dev/null || return
  { printf '%s\t%s\n' "$1" "$seal" >"$STATE/journal.last"; } 2>/dev/null || :
}

# seal_into NAME: of the journal as it stands. What is no file (a disk that is full, to a test) cannot be read to its end.
seal_into() {
  local sum=-
  if [[ -f $JOURNAL && -s $JOURNAL ]]; then sum=$(exec sha256sum 2>/dev/null <"$JOURNAL") || sum=-; fi
  printf -v "$1" '%s' "${sum%% *}"
}

# The journal's detail, no longer than it may be, and never cut in the middle of a character.
cut_detail() {
  local -i most=$DETAIL_BYTES
  if ((${#detail} <= most)); then return 0; fi
  while ((most > 0)) && [[ ${detail:most:1} == [$'\x80'-$'\xbf'] ]]; do most=$((most - 1)); done
  detail="${detail:0:most}..."
}

# What an operator has told us about a step: attested STEP
attested() {
  [[ -e $STATE/attested.tsv ]] || return 1
  awk -F '\t' -v step="$1" '$3 == step { found = 1 } END { exit !found }' "$STATE/attested.tsv"
}
