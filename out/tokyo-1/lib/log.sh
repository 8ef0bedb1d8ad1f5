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
  exec awk '{
    sub(/\r+$/, "")
    gsub(/\r+/, "\n")
    gsub(/[\000-\010\013\014\016-\037\177]|\302[\200-\237]/, "")
    print
    fflush()
  }'
}

# to_log: from stdin to the log alone.
to_log() (legible >>"$LOG")

# keep_log: the far end of a pipe; shows what comes in, and keeps it. It goes on past Ctrl-C, a lost terminal and a broken pipe: a
# command is never killed by its own log, and what it says last is kept.
keep_log() {
  close_lock
  trap '' INT TERM HUP QUIT PIPE
  legible | exec tee --append -- "$LOG"
}
