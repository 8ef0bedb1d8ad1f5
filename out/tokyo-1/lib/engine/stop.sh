# Every way out. A stop says which step, what happened, the state things are in, and the exact command to continue.

STOPPED=no CURRENT_ROW='' CURRENT_NODE=''
# What the run is doing: starting, asking, confirming, applying, verifying, checking, between steps or stopping.
DOING=starting FIRST=''

# quoted WORD: as a shell takes it.
quoted() {
  local words
  quote_into words "$1"
  printf '%s' "$words"
}

# Scratch files hold no state. If TMPDIR is missing, others can rename what is in it, or ssh's sockets cannot have its path (too long, a blank, a
# %), /tmp is used.
scratch_open() {
  if [[ -n ${TMPDIR-} && -n $(find -L "$TMPDIR" -maxdepth 0 \( -perm /022 ! -perm -1000 -o ! -user root ! -uid "$EUID" \) 2>&1) ]]; then TMPDIR=/tmp; fi
  SCRATCH=$(mktemp --directory --tmpdir osp.XXXXXX 2>/dev/null) || SCRATCH=''
  if [[ -z $SCRATCH || ${#SCRATCH} -gt 45 || $SCRATCH == *[^A-Za-z0-9/._-]* ]]; then
    if [[ -n $SCRATCH ]]; then rmdir -- "$SCRATCH"; fi
    SCRATCH=$(mktemp --directory /tmp/osp.XXXXXX) || gate_refuse 'cannot create a folder for scratch files' 'make room in /tmp: df -h /tmp'
  fi
  mkdir -- "$SCRATCH/kept"
  SSH_SOCKETS=$SCRATCH
  # those of the run that calls this one, if they are this user's: whoever owns them can answer for any node
  if [[ -d ${OSP_SSH_SOCKETS-} && ! -L $OSP_SSH_SOCKETS && -O $OSP_SSH_SOCKETS && $OSP_SSH_SOCKETS == /*/osp.[A-Za-z0-9]* ]]; then
    SSH_SOCKETS=$OSP_SSH_SOCKETS
  fi
  export OSP_SSH_SOCKETS=$SSH_SOCKETS
  trap 'at_exit $?' EXIT
}

at_exit() {
  trap - EXIT
  # Bash 5.2 calls this in a subshell too, if a signal ends that one while it begins. What is here is the run's, which puts back itself.
  if ((BASHPID != $$)); then exit "$1"; fi
  trap '' INT TERM HUP QUIT PIPE
  set +e
  if [[ $STOPPED == no && $1 != 0 && $MODE == run && -n $CURRENT_ROW ]]; then
    complain "internal error: exit $1 at an unexpected point; this is a bug in the runtime: report it with the log"
    rescue_brackets
    set +e
    say_how_to_go_on failed
    journal - - end "exit 1, unexpected ($1)"
    clean_up
    exit 1
  fi
  clean_up
}

clean_up() {
  if [[ $SSH_SOCKETS == "$SCRATCH" ]]; then ssh_forget_all; fi
  rm --recursive --force -- "$SCRATCH"
  leave_copy
}

# leave_copy: the copy that this run has read the bundle from is no longer needed.
leave_copy() { if [[ $COPY != "$BUNDLE" ]]; then rm --recursive --force -- "$COPY"; fi; }

# stop STATUS WORD REASON [REMEDY]
stop() {
  FIRST=${4-}
  show_result "$2" "$3"
  if [[ -n ${4-} ]]; then note "remedy: $(plain "$4")"; fi
  tell_cure "$3" '' "${4-}"
  rescue_and_leave "$1" "$2"
}

# leave_waiting REASON: a step has handed over to the operator; what is set up stays so, since the same command continues from here.
leave_waiting() {
  show_result waiting "$1"
  say_what_stays_open
  OPEN_BRACKETS=()
  rescue_and_leave 4 waiting
}

rescue_and_leave() {
  STOPPED=yes DOING=stopping
  trap 'leave_at_once 130' INT QUIT
  trap 'leave_at_once 143' TERM
  # a lost terminal sends HUP more than once
  trap '' HUP
  rescue_brackets
  leave_nodes
  say_how_to_go_on "$2"
  journal - - end "exit $1, $2"
  exit "$1"
}

# A second Ctrl-C: ends at once, and says what is left as it is.
leave_at_once() {
  trap '' INT TERM HUP QUIT
  complain 'interrupted again while undoing: left as it is; run the section again to finish'
  say_what_stays_open
  say_how_to_go_on interrupted
  journal - - end "exit $1, interrupted while undoing"
  exit "$1"
}

# Those whom the spec names under `contacts`.
say_whom_to_call() {
  local who reach
  while IFS=$'\t' read -r who reach; do
    note "contact: $who: $reach"
  done <"$COPY/lib/contacts.tsv"
}

# say_how_to_go_on WORD: after this end of the run. If the remedy (FIRST) is another script of the bundle, that comes first.
say_how_to_go_on() {
  local first='' when=''
  if [[ $FIRST =~ ^(\./2\.[0-9][0-9]-[^,]*)(, or .*)?$ && ${BASH_REMATCH[1]} != *' --status' ]]; then first="${BASH_REMATCH[1]} && "; fi
  if ((${#CHANGED[@]} > 0)); then
    note "completed in this run: $(printf '%s, ' "${CHANGED[@]}" | sed 's/, $//')"
  else
    note 'no step was completed in this run'
  fi
  note "log: $LOG"
  if [[ $CURED == yes ]]; then when=', when that is done'; fi
  if [[ $1 != waiting ]]; then say_whom_to_call; fi
  note "to continue$when: cd $(quoted "$BUNDLE") && $first./$SCRIPT${ONLY_STEP:+ --step $ONLY_STEP}${ONLY_NODE:+ --node $ONLY_NODE}"
}

trap_signals() {
  trap 'on_signal 130 "interrupted with Ctrl-C"' INT
  trap 'on_signal 130 "interrupted (SIGQUIT)"' QUIT
  trap 'on_signal 143 "asked to end (SIGTERM)"' TERM
  trap 'on_signal 129 "the terminal is gone (SIGHUP)"' HUP
  # a pipe that closes must not kill the run half-way; put notices it, and the run stops before its next step
  trap : PIPE
}

# In a trap of bash 5 a bare `return` gives the status from before the trap: every function called here says `return 0`.
on_signal() {
  # Bash 4.2 runs the trap in a subshell too, if the signal comes while that one begins. The run itself has got the signal as well, and puts back.
  if ((BASHPID != $$)); then
    trap - EXIT
    exit "$1"
  fi
  trap '' HUP
  set -e
  if [[ $1 == 129 ]]; then leave_screen; fi
  if [[ -z $CURRENT_ROW ]]; then
    STOPPED=yes
    say "$2 before any step began; nothing was changed"
    journal - - end "exit $1, before any step"
    exit "$1"
  fi
  journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" interrupted "$2, $DOING"
  # (the terminal has written ^C where it stood)
  if is_asking; then put ''; elif [[ $REDRAW == yes ]]; then { printf '\r\e[K' >/dev/tty; } 2>/dev/null || :; fi
  if [[ $1 == 143 && -e $SCRATCH/going_down ]]; then
    show_result waiting 'the undercloud is rebooting as requested'
  else
    show_result "$2" "$(activity_when_stopped)"
  fi
  rescue_and_leave "$1" interrupted
}

# Whether a question is on the screen, in an apply too.
is_asking() {
  local asking=no
  { read -r asking <"$SCRATCH/asking"; } 2>/dev/null || :
  [[ $asking == yes ]]
}

# A terminal that is gone cannot be written to; the log takes over.
leave_screen() {
  SCREEN_LOG='' SCREEN_GONE=yes REDRAW=no
  BOLD='' DIM='' RED='' YELLOW='' GREEN='' PLAIN=''
  exec >>"$LOG" 2>&1 </dev/null
}

activity_when_stopped() {
  local step="${STEP_ID[CURRENT_ROW]} ${STEP_TITLE[CURRENT_ROW]}${CURRENT_NODE:+ ($CURRENT_NODE)}"
  case $DOING in
    applying)
      # a signal for this script alone is handled when the running command has ended
      if is_asking; then
        printf '%s was asking; nothing was done' "$step"
      elif [[ -e $SCRATCH/applied ]]; then
        printf '%s has finished, but its effect was not checked' "$step"
      else
        printf 'while %s was running; it may be half done' "$step"
      fi
      ;;
    verifying) printf '%s has run, but its effect was not there yet' "$step" ;;
    checking) printf 'during the check %s, which changes nothing' "$step" ;;
    'between steps') printf 'after %s' "$step" ;;
    *) printf 'before %s began' "$step" ;;
  esac
}
