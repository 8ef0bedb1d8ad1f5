# Every way out. A stop says which step, what happened, the state things are in, and the exact command to go on.

STOPPED=no CURRENT_ROW='' CURRENT_NODE=''

scratch_open() {
  SCRATCH=$(mktemp --directory --tmpdir osp.XXXXXX)
  SSH_SOCKETS=${OSP_SSH_SOCKETS:-$SCRATCH}
  export OSP_SSH_SOCKETS=$SSH_SOCKETS
  trap 'at_exit $?' EXIT
}

at_exit() {
  trap - EXIT
  trap '' INT TERM HUP
  set +e
  if [[ $STOPPED == no && $1 -ne 0 && $MODE == run && -n $CURRENT_ROW ]]; then
    complain "ended with $1 in an unexpected place; this is a fault of the runtime"
    rescue_brackets
    say_how_to_go_on
  fi
  if [[ $SSH_SOCKETS == "$SCRATCH" ]]; then ssh_forget_all; fi
  rm --recursive --force -- "$SCRATCH"
}

# stop STATUS WORD REASON [REMEDY]
stop() {
  show_result "$2" "$3"
  if [[ -n ${4-} ]]; then note "remedy: $4"; fi
  stop_now "$1" "$2"
}

stop_now() {
  STOPPED=yes
  trap 'complain "interrupted again: left as it is"; exit $1' INT TERM HUP
  rescue_brackets
  leave_node
  say_how_to_go_on
  journal - - end "exit $1, $2"
  exit "$1"
}

say_how_to_go_on() {
  if ((${#CHANGED[@]} > 0)); then
    note "changed by this run: $(printf '%s, ' "${CHANGED[@]}" | sed 's/, $//')"
  else
    note 'nothing was changed by this run before this step'
  fi
  note "log: $LOG"
  note "to go on: cd $BUNDLE && ./$SCRIPT${ONLY_STEP:+ --step $ONLY_STEP}${ONLY_NODE:+ --node $ONLY_NODE}"
}

trap_signals() {
  trap 'on_signal 130 "interrupted with Ctrl-C"' INT
  trap 'on_signal 143 "asked to end (SIGTERM)"' TERM
  trap 'on_signal 129 "the terminal is gone (SIGHUP)"' HUP
}

on_signal() {
  # a terminal that is gone cannot be written to; the log takes over
  if [[ $1 == 129 ]]; then exec >>"$LOG" 2>&1 </dev/null; fi
  set -e
  if [[ -z $CURRENT_ROW ]]; then
    STOPPED=yes
    say "$2 before any step began; nothing was changed"
    exit "$1"
  fi
  journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" interrupted "$2"
  show_result "$2" "while ${STEP_ID[CURRENT_ROW]} ${STEP_TITLE[CURRENT_ROW]}${CURRENT_NODE:+ ($CURRENT_NODE)} was running; it may be half done"
  stop_now "$1" interrupted
}
