# How a step is applied: under errexit, in a subshell of its own, its output on the screen and in the log.

# The apply runs under errexit in its own subshell. Neither it nor any caller is followed by ||, in a condition or in the background, where
# set -e has no effect; prove_errexit checks that each time.
apply_step() {
  local name=${STEP_NAME[$1]} id=${STEP_ID[$1]} node=$2 status begun
  prove_errexit
  journal "$id" "$node" start
  if [[ $JOURNAL_LOST == yes ]]; then
    stop 3 refused 'the journal cannot be written, so nothing is started' "make room for the journal: df -h $(quoted "$STATE")"
  fi
  time_into begun '%F %TZ'
  put_in_log "=== $begun $id $node"
  rm --force -- "$SCRATCH/applied" "$SCRATCH/failed" "$SCRATCH/handed_over" "$SCRATCH/failed_on" "$SCRATCH/attempts" "$SCRATCH/warned"
  DOING=applying
  set +e
  if [[ ${STEP_SHAPE[$1]} == attended ]]; then
    # what we say and ask goes to the terminal directly; what tools print is piped, as in every apply
    {
      (
        SCREEN_FD=5 COMPLAINT_FD=6
        under_errexit
        "${name}_attend" ${node:+"$node"}
        : >"$SCRATCH/applied"
      ) 2>&1 | keep_log
      status=${PIPESTATUS[0]}
    } 5>&1 6>&2
  else
    (
      SCREEN_LOG=''
      under_errexit
      "${name}_apply" ${node:+"$node"}
      : >"$SCRATCH/applied"
    ) </dev/null 2>&1 | keep_log
    status=${PIPESTATUS[0]}
  fi
  set -e
  weigh_status "$id" "$node" "$status"
}

# say_begun ROW: what may print nothing for an hour says when it began, and how long its section usually takes. Of low risk these are
# the steps of a section that takes long besides its nodes' own time, as backups do.
say_begun() {
  local id takes long begun
  time_into begun '%TZ'
  while IFS=$'\t' read -r id _ _ _ takes long; do
    if [[ $id != "$SECTION" ]]; then continue; fi
    if [[ ${STEP_RISK[$1]} != low || $long == long ]]; then note "begun at $begun; $SECTION usually takes $takes"; fi
    return 0
  done <"$COPY/lib/sections.tsv"
  if [[ ${STEP_RISK[$1]} != low ]]; then note "begun at $begun"; fi
}

weigh_status() {
  local reason
  if [[ $3 == 0 ]]; then return 0; fi
  if [[ -e $SCRATCH/handed_over ]]; then
    journal "$1" "$2" waiting
    leave_waiting 'this step waits for the operator'
  fi
  reason="a command of this step ended with $3"
  if [[ -s $SCRATCH/failed ]]; then reason=$(<"$SCRATCH/failed"); fi
  journal "$1" "$2" failed "$reason"
  hear_log
  stop 1 failed "$reason"
}

# Sudo adds our umask to its own: with 022 all can read what root installs, as when the guide is followed by hand. Ctrl-C ends the apply
# even if the interrupted command ends normally.
under_errexit() {
  set -eE
  trap 'remember_failure "$?"' ERR
  trap - EXIT PIPE
  # while things are put back HUP, which a lost terminal sends more than once, stays ignored
  # (bash 4.2 forgets in a subshell what is ignored, so it is set again)
  if [[ $DOING == stopping ]]; then trap '' HUP; else trap 'exit 129' HUP; fi
  trap 'exit 130' INT QUIT
  trap 'exit 143' TERM
  close_lock
  MOMENT=''
  wait_at_most "$TIMEOUT_ANSWER"
  COMMAND_LIMIT=(timeout --foreground "$PATIENCE")
  umask 022
  cd -- "$UNDERCLOUD_HOME"
}

# The command of the step that failed, as the script has it: the innermost line that is not the library's.
remember_failure() {
  local -i at line
  local -a text
  local command
  # a Ctrl-C while things are put back: inside the trap of the first one bash 4.2 would end with 1
  if [[ $DOING == stopping && $1 == 130 ]]; then exit 130; fi
  for ((at = 1; at < ${#FUNCNAME[@]}; at++)); do
    if [[ ${BASH_SOURCE[at]##*/} != "$SCRIPT" || ${FUNCNAME[at]} == main ]]; then continue; fi
    line=${BASH_LINENO[at - 1]}
    mapfile -t -s $((line - 1)) -n 1 text <"$BUNDLE/$SCRIPT"
    command=${text[0]-}
    command=${command#"${command%%[! ]*}"}
    # bash 4.2 gives a compound command the line of its function
    if [[ $command == *'() {' ]]; then command="a condition in ${command%'() {'}"; fi
    printf '%s  ended with %d (%s, line %d)\n' "$command" "$1" "$SCRIPT" "$line" 2>/dev/null >"$SCRATCH/failed" || :
    return 0
  done
}

prove_errexit() {
  local status
  set +e
  (
    set -e
    false
    exit 86
  )
  status=$?
  set -e
  if ((status == 86)); then
    stop 3 refused 'set -e is not in effect, so a failing command would go unnoticed; this is a bug in the runtime: report it with the log'
  fi
}

verify_step() {
  local name=${STEP_NAME[$1]} id=${STEP_ID[$1]} node=$2
  local -i since
  DOING=verifying
  look_at_clock
  since=$STEADY
  poll "${STEP_DEADLINE[$1]}" "${STEP_TITLE[$1]}" "${name}_verify" ${node:+"$node"}
  if [[ $WAITED == no ]]; then
    journal "$id" "$node" unverified "$WHY"
    hear_log
    stop 1 failed "$WHY" "$REMEDY"
  fi
  learnt_since "$since"
  CHANGED+=("$id${node:+ $node}")
  if [[ -e $SCRATCH/warned ]]; then WARNED+=("$id${node:+ $node}"); fi
  journal "$id" "$node" "done"
  result_line "done" "$WHY"
}

# warn_of NODE TEXT REMEDY: inside an apply, for what is left to people though the step ends well: it is shown here, the run names the step at
# its end, and the last section and the evidence list it.
warn_of() {
  local text
  text="$2: $(shown_remedy "$3")"
  note "warning: $text"
  journal "${STEP_ID[CURRENT_ROW]}" "$1" warned "$text"
  : >"$SCRATCH/warned"
}

# Ends an attended step that has said what the operator is to do; the same command continues afterwards. The mark distinguishes this from
# a command that happens to end with 4.
hand_over() {
  : >"$SCRATCH/handed_over"
  note "$@"
  exit 4
}
