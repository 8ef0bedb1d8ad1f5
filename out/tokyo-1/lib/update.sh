# Packages: what is on offer, and long commands that are watched, never killed.

# updates_in TEXT: the names in `yum -q check-update`; the obsoleting ones that it lists again are not counted.
updates_in() { awk '/^Obsoleting/ { exit } NF > 0 && $1 ~ /\./ && !/^ / { sub(/\.[^.]*$/, "", $1); print $1 }' <<<"$1"; }

# says_up_to_date WHERE STATUS OUTPUT: yum's 100 means that updates are on offer; all else but 0 is no answer.
says_up_to_date() {
  local names
  case $2 in
    0) return 0 ;;
    100)
      names=$(updates_in "$3") || return 2
      why "updates are on offer on $1: $(head --lines=5 <<<"$names" | paste --serial --delimiters=' ')"
      return 1
      ;;
    *)
      why "yum cannot tell what is on offer on $1 (exit $2)" 'sudo yum repolist: are the repositories reachable?'
      return 2
      ;;
  esac
}

# undercloud_up_to_date [PACKAGE...]: nothing newer is on offer here, of these or of any.
undercloud_up_to_date() {
  local offers status=0
  offers=$(sudo yum --quiet check-update "$@") || status=$?
  why "nothing newer is on offer${1:+ of $*}"
  says_up_to_date 'the undercloud' "$status" "$offers"
}

process_has_ended() { opposite kill -0 "$1"; }

# watched SECONDS WHAT COMMAND...: runs it with its output in a log of its own, past a lost terminal or Ctrl-C, and says so when it takes
# longer than it should. It is never killed: half an update is worse than a long one.
watched() {
  local limit=$1 what=$2 log pid
  shift 2
  log=$STATE/logs/${what// /-}.log
  note "$what writes to $log"
  printf '=== %s %s\n' "$(date --utc '+%F %TZ')" "$*" >>"$log"
  (
    trap '' HUP INT
    exec "$@" >>"$log" 2>&1 </dev/null
  ) &
  pid=$!
  while :; do
    if wait_until "$limit" "$what to end" process_has_ended "$pid"; then break; fi
    complain "$what takes longer than $(duration "$limit"); it is left alone: look into $log"
  done
  tail --lines=20 -- "$log"
  wait "$pid"
}

# no_process_like PATTERN: no such command of ours runs from an earlier session.
no_process_like() {
  local found status=0
  found=$(pgrep --full --list-full "$1") || status=$?
  if ((status > 1)); then return 2; fi
  why "already running: $found" 'wait until it ends; its log is in the state folder'
  [[ -z $found ]]
}
