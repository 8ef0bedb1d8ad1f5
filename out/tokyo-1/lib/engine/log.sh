# The log of a section: what its commands printed, and what people were shown.

# log_open: at the beginning of a run. A log that cannot be written is no reason to lose the run; the journal is.
log_open() {
  local begun
  LOG=$STATE/logs/$SECTION.log
  SCREEN_LOG=$LOG
  time_into begun '%F %TZ'
  put_in_log "=== $begun $SECTION begins, bundle ${DIGEST:0:12}, pid $$"
}

# legible: from stdin to stdout, line by line, without what a terminal obeys: what a node, a client or a tenant says is text and nothing
# else. Lines that are written over one another come one below the other.
legible() {
  # (an awk may read ahead and show a line when the next thousand are there; the last line may lack its end)
  LC_ALL=C exec sed --unbuffered --quiet --expression='
    s/\r\+$//
    s/\r\+/\n/g
    s/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]\|\xc2[\x80-\x9f]//g
    p' --expression="\$a\\"
}

# to_log: from stdin to the log alone.
to_log() (legible >>"$LOG")

# is_short TEXT: bash looks through it sooner than another program is there.
is_short() { ((${#1} <= 8192)); }

# has_nul FILE: a variable would hold nothing of a line from its first NUL on.
has_nul() {
  local REPLY
  IFS= read -r -d '' <"$1"
}

# text_to_log TEXT: the same for a text that is at hand; one that is short and plain needs no process to look through it.
text_to_log() {
  local text=${1//[$'\t\n']/}
  if is_short "$1" && [[ $text != *[[:cntrl:]]* && $text != *$'\xc2'[$'\x80'-$'\x9f']* ]]; then
    plain_to_log "$1"
  else
    printf '%s\n' "$1" | to_log
  fi
}

plain_to_log() { printf '%s\n' "$1" >>"$LOG"; }

# keep_log: the far end of a pipe; shows what comes in, and keeps it. It goes on past Ctrl-C, a lost terminal and a broken pipe: a
# command is never killed by its own log, and what it says last is kept.
keep_log() {
  close_lock
  trap '' INT TERM HUP QUIT PIPE
  legible | exec tee --append -- "$LOG"
}
