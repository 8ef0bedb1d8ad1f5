# Waits with deadlines. A wait shows how long it has waited, when it gives up, what it waits for and what is missing. A long command is watched
# in the same way, and never killed.

# The verdict of `not_yet` while it is waited for.
UNSETTLED=''

# pause WAITED LEFT: a quarter of what it has waited, but no less than 5 s and no more than half a minute, and never past the deadline:
# what takes long need not be asked often, and each question costs the cloud something.
pause() {
  local -i seconds
  local waited=$1 left=$2
  numbers waited left || return
  seconds=$((waited / 4))
  if ((seconds < 5)); then seconds=5; fi
  if ((seconds > 30)); then seconds=30; fi
  if ((seconds > left)); then seconds=$left; fi
  sleep "$seconds"
}

# wait_until SECONDS WHAT QUESTION [ARG...]: 0 when it says yes, 1 when the time is up; cannot tell counts as not yet.
wait_until() {
  poll "$@"
  if [[ $WAITED == no ]]; then
    complain "$WHY"
    if [[ -n $REMEDY ]]; then complain "  remedy: $REMEDY"; fi
  fi
  [[ $WAITED == yes ]]
}

# poll SECONDS WHAT QUESTION [ARG...]: the same, with the answer in WAITED, for callers that must not be in a condition.
poll() {
  local -i started=0 waited said=-60
  local limit=$1
  # each look is a new one, also within a check, which else asks the same thing once
  local what=$2 until='' KEPT=''
  shift 2
  numbers limit || return
  while :; do
    ask "$@"
    if [[ $ANSWER == yes ]]; then
      wait_line_end
      WAITED=yes
      return 0
    fi
    look_at_clock
    if [[ -z $until ]]; then
      started=$STEADY
      time_into until %H:%M:%SZ $((NOW + limit))
    fi
    waited=$((STEADY - started))
    if ((waited >= limit)); then
      wait_line_end
      WAITED=no
      WHY="timed out after $(duration "$limit"): $what${WHY:+ ($WHY)}"
      return 0
    fi
    wait_line "$waited" "waiting for $what" "$limit" "$until"
    pause "$waited" $((limit - waited))
  done
}

# at_once JUDGE [ARG...]: in the place of `settle WHAT`, where the first findings count.
at_once() { "$@"; }

# settle WHAT JUDGE [ARG...]: JUDGE says what it finds. While all that is wrong is `not_yet`, it is called again until TIMEOUT_SETTLE is over; its
# last findings count.
settle() {
  local what=$1 until='' UNSETTLED=unsettled KEPT=$KEPT
  local -i started=0 waited=0 said=-60
  local limit=$TIMEOUT_SETTLE
  shift
  numbers limit || return
  cp -- "$SCRATCH/findings" "$SCRATCH/found"
  while :; do
    "$@"
    if ! only_unsettled; then break; fi
    look_at_clock
    if [[ -z $until ]]; then
      started=$STEADY
      time_into until %H:%M:%SZ $((NOW + limit))
    fi
    waited=$((STEADY - started))
    if ((limit <= waited)); then break; fi
    WHY=$(awk -F '\t' '$1 == "unsettled" { print $2; exit }' "$SCRATCH/findings")
    wait_line "$waited" "waiting for $what" "$limit" "$until"
    pause "$waited" $((limit - waited))
    # (each look is a new one)
    new_moment
    cp -- "$SCRATCH/found" "$SCRATCH/findings"
  done
  wait_line_end
  call_unsettled_failed "$waited"
}

# only_unsettled: there is something to wait for, and nothing is wrong that time does not cure.
only_unsettled() {
  [[ -s $SCRATCH/findings ]] || return 1
  awk -F '\t' '{ seen[$1] } END { exit !("unsettled" in seen) || "fail" in seen }' "$SCRATCH/findings"
}

# call_unsettled_failed WAITED: what has not come in time is a fail.
call_unsettled_failed() {
  local waited=$1 after=''
  if numbers waited && ((waited > 0)); then after=", still so after $(duration "$waited")"; fi
  awk -F '\t' -v OFS='\t' -v after="$after" '$1 == "unsettled" { $1 = "fail"; $2 = $2 after } { print }' "$SCRATCH/findings" \
    >"$SCRATCH/findings.new" && mv -- "$SCRATCH/findings.new" "$SCRATCH/findings"
}

# wait_line WAITED WHAT LIMIT UNTIL: a redrawn line on a terminal; elsewhere, and in the log, one line a minute.
wait_line() {
  local line due=no so_far in_all now=$1
  if numbers now && ((now >= said + 60)); then
    said=$now due=yes
  fi
  if [[ $due == no && $REDRAW == no ]]; then return; fi
  duration_into so_far "$1"
  duration_into in_all "$3"
  # without wrapping, a line that is too long stays one line; what matters most comes first
  line="$so_far of $in_all, until $4: $2${WHY:+ ($WHY)}"
  if [[ $REDRAW == yes ]]; then { printf '\r\e[?7l        %s\e[K\e[?7h' "$line" >/dev/tty; } 2>/dev/null || :; fi
  if [[ $due == no ]]; then return; fi
  if [[ $REDRAW == yes ]]; then
    { text_to_log "        $line"; } 2>/dev/null || :
  else
    note "$line"
  fi
}

wait_line_end() {
  if [[ $REDRAW == yes && -n $until ]]; then { printf '\r\e[K' >/dev/tty; } 2>/dev/null || :; fi
}

process_has_ended() { opposite kill -0 "$1"; }

# watched SECONDS WHAT COMMAND...: runs it with its output in a log of its own, past a lost terminal or Ctrl-C, and says so when it takes
# longer than it should. It is never killed: half an update is worse than a long one.
watched() {
  local limit=$1 what=$2 log pid begun
  shift 2
  look_at_clock
  time_into begun '%TZ'
  log=$STATE/logs/${what// /-}.log
  note "$what has begun at $begun, should end within $(duration "$limit"), and writes to $log"
  printf '=== %s %s\n' "$(date --utc '+%F %TZ')" "$*" >>"$log"
  (
    trap '' HUP INT
    exec "$@" >>"$log" 2>&1 </dev/null
  ) &
  pid=$!
  while :; do
    if wait_until "$limit" "$what to end" process_has_ended "$pid"; then break; fi
    complain "$what takes longer than $(duration "$limit"); it is not stopped; see $log"
  done
  tail --lines=20 -- "$log"
  wait "$pid"
}
