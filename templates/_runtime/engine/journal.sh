# The journal says who did what and when: it is the record for the ticket, never the judge of what is done.
# One line a write, tab-separated: time, who, change, bundle, section, step, node, event, detail.

JOURNAL_LOST=no
# A line is kept below the buffer of bash's printf (1 KiB), so that it reaches the file in one write.
DETAIL_BYTES=600

# A relative one would be a folder of the bundle, where every script goes first.
state_folder() {
  STATE=${OSP_STATE_DIR:-$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME/$CHANGE}
  if [[ $STATE != /* ]]; then gate_refuse "OSP_STATE_DIR is not an absolute path: $(plain "$STATE")" 'begin it with /, or unset it'; fi
}

# state_open: before a run begins. Where its record cannot be kept, nothing is begun.
state_open() {
  state_folder
  JOURNAL=$STATE/journal.tsv
  if ! mkdir --parents -- "$STATE/logs" "$STATE/evidence" || ! chmod 0700 -- "$STATE" "$STATE/logs" "$STATE/evidence"; then
    gate_refuse "the state folder cannot be created: $STATE" "it must belong to $UNDERCLOUD_USER alone: ls -ld $(quoted "$STATE")"
  fi
  if [[ -d $JOURNAL || -p $JOURNAL ]]; then
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

# A line that a full disk cut short is ended, so that the next one begins on its own.
mend_journal() {
  local file
  for file in "$JOURNAL" "$STATE/attested.tsv"; do
    if [[ -f $file && -s $file && -n $(tail --bytes=1 -- "$file") ]]; then printf '\n' >>"$file"; fi
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

write_line() { { printf '%s\n' "$1" >>"$JOURNAL"; } 2>/dev/null; }

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
