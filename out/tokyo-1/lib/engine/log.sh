# The log of a section: what its commands printed, and what people were shown.

# log_open: at the beginning of a run, which continues without its log, but not without its journal.
log_open() {
  local begun
  LOG=$STATE/logs/$SECTION.log
  SCREEN_LOG=$LOG
  time_into begun '%F %TZ'
  put_in_log "=== $begun $SECTION begins, bundle ${DIGEST:0:12}, pid $$"
}

# legible: from stdin to stdout, line by line, without control characters: what a node, a client or a tenant says is mere text. Lines that
# overwrite each other come one below the other.
legible() {
  # (not awk, which may read far ahead before it prints; the last expression adds a missing end of line)
  LC_ALL=C exec sed --unbuffered --quiet --expression='
    s/\r\+$//
    s/\r\+/\n/g
    s/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]//g
    s/\xc2[\x80-\x9f]\|\xe2\x80[\x8b-\x8f\xa8-\xae]\|\xe2\x81[\xa0-\xaf]\|\xef\xbb\xbf/?/g
    p' --expression="\$a\\"
}

# to_log: from stdin to the log alone.
to_log() (legible >>"$LOG")

# is_short TEXT: bash looks through it sooner than another program starts.
is_short() { ((${#1} <= 8192)); }

# has_nul FILE: a variable would lose the rest of a line after a NUL.
has_nul() {
  local REPLY
  IFS= read -r -d '' <"$1"
}

# text_to_log TEXT: the same for a text in a variable; one that is short and plain needs no process to look through it.
text_to_log() {
  local text=${1//[$'\t\n']/}
  if is_short "$1" && [[ $text != *[[:cntrl:]]* ]] && ! has_unseen "$text"; then
    plain_to_log "$1"
  else
    printf '%s\n' "$1" | to_log
  fi
}

plain_to_log() { printf '%s\n' "$1" >>"$LOG"; }

# keep_log: the end of a pipe: shows what comes in, and logs it. Ctrl-C, a lost terminal and a broken pipe do not end it: a command is
# never killed by its own log, and what it says last is kept.
keep_log() {
  close_lock
  trap '' INT TERM HUP QUIT PIPE
  legible | exec tee --append -- "$LOG"
}
