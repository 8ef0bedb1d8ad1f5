# The journal says who did what and when: it is the record for the ticket, and never decides what is done.
# One line per write, tab-separated: time, who, change, bundle, section, step, node, event, detail, seal.
#
# The seal is the SHA-256 of everything in the file before the line, and - in the first line: whoever edits, removes or inserts a line breaks
# the seal of the next. It covers the whole file and not the previous line alone, so that nothing has to be remembered: lines are also written
# from a subshell, by the run after one that was killed, and by `./runbook attest` while a section runs. It costs one process, and anybody can
# compute it: head --lines=41 journal.tsv | sha256sum is the seal of line 42.
#
# A journal cut off at its end would still fit: so journal.last holds the last line. `./runbook journal --check` reads both (report/chain.py).
# Whoever can write here can seal a forgery too, but only until the last seal is in the ticket with the evidence.

JOURNAL_LOST=no
# A line is kept below the buffer of bash's printf (1 KiB), so that it reaches the file in one write.
DETAIL_BYTES=600

# A relative path would lead into the bundle, where every script starts.
state_folder() {
  STATE=${OSP_STATE_DIR:-$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME/$CHANGE}
  if [[ $STATE != /* ]]; then gate_refuse "OSP_STATE_DIR is not an absolute path: $(plain "$STATE")" 'begin it with /, or unset it'; fi
  prove_state
}

# prove_state: the state folder has only folders and regular files of this user, which nobody else can write. A pipe would be waited for
# without an end; what others can write or link proves nothing, and one line there approves a bundle or a step. A saved plan is left out: its
# files are data, with the modes that they have in the cloud.
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

# state_open: before a run begins. Nothing starts unless its record can be kept.
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

# who_is_there: sets WHO to the login name that the system has, which the environment cannot change, and adds sudo's user if it is another.
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

# A line that a full disk cut short is ended and marked: the next one begins on a line of its own, and this seal is incomplete.
mend_journal() {
  local file
  for file in "$JOURNAL" "$STATE/attested.tsv"; do
    if [[ -f $file && -s $file && -n $(tail --bytes=1 -- "$file") ]]; then printf ' (cut short)\n' >>"$file"; fi
  done
}

# journal STEP NODE EVENT [DETAIL]: if the line cannot be written, that is said, and the next apply is refused.
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

# write_line TEXT: with its seal. It succeeds even if journal.last cannot be written.
write_line() {
  local seal
  seal_into seal
  { printf '%s\t%s\n' "$1" "$seal" >>"$JOURNAL"; } 2>/dev/null || return
  { printf '%s\t%s\n' "$1" "$seal" >"$STATE/journal.last"; } 2>/dev/null || :
}

# seal_into NAME: of the journal so far. Only a regular file is read: /dev/full, in a test, has no end.
seal_into() {
  local sum=-
  if [[ -f $JOURNAL && -s $JOURNAL ]]; then sum=$(exec sha256sum 2>/dev/null <"$JOURNAL") || sum=-; fi
  printf -v "$1" '%s' "${sum%% *}"
}

# Shortens the detail to DETAIL_BYTES, never in the middle of a character.
cut_detail() {
  local -i most=$DETAIL_BYTES
  if ((${#detail} <= most)); then return 0; fi
  while ((most > 0)) && [[ ${detail:most:1} == [$'\x80'-$'\xbf'] ]]; do most=$((most - 1)); done
  detail="${detail:0:most}..."
}

# attested STEP [NODE]: an operator has recorded the step as done, for all its nodes or for this one.
attested() {
  [[ -e $STATE/attested.tsv ]] || return 1
  awk -F '\t' -v step="$1" -v node="${2-}" '$3 == step && ($5 == "" || $5 == node) { found = 1 } END { exit !found }' "$STATE/attested.tsv"
}
