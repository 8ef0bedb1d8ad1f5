# Waits with deadlines. A wait shows what it waits for, how long it has waited and when it gives up.

POLL_SECONDS=5

# wait_until SECONDS WHAT QUESTION [ARG...]: 0 when it says yes, 1 when the time is up; cannot tell counts as not yet.
wait_until() {
  local -i limit=$1 started now said=0
  local what=$2
  shift 2
  started=$(date +%s)
  while :; do
    ask "$@"
    now=$(date +%s)
    if [[ $ANSWER == yes ]]; then
      wait_line_end
      return 0
    fi
    if ((now - started >= limit)); then
      wait_line_end
      WHY="still not so after $(duration "$limit"): $what${WHY:+ ($WHY)}"
      complain "$WHY"
      return 1
    fi
    if [[ $REDRAW == yes ]]; then
      printf '\r        waiting for %s: %s of %s\e[K' "$what" "$(duration $((now - started)))" "$(duration "$limit")"
    elif ((now - started >= said)); then
      note "waiting for $what: $(duration $((now - started))) of $(duration "$limit")"
      said=$((now - started + 60))
    fi
    sleep "$POLL_SECONDS"
  done
}

wait_line_end() {
  if [[ $REDRAW == yes ]]; then printf '\r\e[K'; fi
}
