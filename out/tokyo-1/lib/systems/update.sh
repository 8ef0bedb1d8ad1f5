# Long commands that are watched, never killed.

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

# no_process_like COMMAND: it does not run from an earlier session, whoever began it; an editor with these words in its line is not it.
no_process_like() {
  local found status=0
  found=$(pgrep --full --list-full "^([^ ]*python[^ ]* )?([^ ]*/)?$1") || status=$?
  if ((status > 1)); then return 2; fi
  why "already running: $found" 'wait until it ends; its log is in the state folder'
  [[ -z $found ]]
}
