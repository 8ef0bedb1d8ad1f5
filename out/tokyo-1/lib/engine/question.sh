# Questions answer 0 for yes, 1 for no, and 2 or more for cannot tell. They are joined with && alone: in `a || b` a
# question that could not tell would be overruled. Errexit is off inside them; they say `|| return 2` themselves.

# (the files: reason and errors of a question that runs beside others)
ANSWER='' WHY='' REMEDY='' WHY_FILE='' ERROR_FILE=''

# why TEXT [REMEDY]: why a question answered as it did, and what to do about it; the last call counts. pasting.sh says how a REMEDY is written.
why() {
  local remedy=${2-}
  [[ -n $SCRATCH ]] || return 0
  # a reason that cannot be kept must not change the answer
  printf '%s\n%s\n' "${1//$'\n'/ }" "${remedy//$'\n'/ }" 2>/dev/null >"${WHY_FILE:-$SCRATCH/why}" || :
}

# besides TEXT [REMEDY]: a finding that does not change the answer, but that people are warned of.
besides() { printf '%s\t%s\n' "${1//[$'\n\t']/ }" "${2-}" 2>/dev/null >>"$SCRATCH/besides" || :; }

# said_last: the last line of the errors within this question.
said_last() {
  local words
  words=$(tail --lines=1 -- "${ERROR_FILE:-$SCRATCH/stderr}" 2>/dev/null) || :
  printf '%s' "${words:-no reason given}"
}

# Many functions return a text in SAID, since `$(...)` would start a process. It is valid if the function has ended with 0, and until the
# next such function; what is needed longer is put into a variable of its own at once.
SAID=''

# hear COMMAND [ARG...]: what it prints is in SAID.
hear() { SAID=$("$@"); }

# Bash takes seconds to cut or compare a line of some ten thousand characters, hours for one of millions, and as long to replace some hundred
# thousand line ends. No list of a site is that long.
LONGEST_LINE=32768 MOST_LINES=20000

# heard_enough WHO [COMMAND...]: SAID can be gone through line by line; else cannot tell, and why. JSON, which a parser reads, may be one long
# line; that it is JSON is taken from the command alone, since an answer can begin with any text.
heard_enough() {
  local status=0
  if ((${#SAID} <= LONGEST_LINE)) || [[ " ${*:2} " == *' json '* ]]; then return 0; fi
  awk -v most="$LONGEST_LINE" -v lines="$MOST_LINES" 'length($0) > most { exit 1 } NR > lines { exit 3 }' <<<"$SAID" || status=$?
  case $status in
    0) return 0 ;;
    3) why "$1 answers with more than $MOST_LINES lines" 'look at what it prints; then run this section again' ;;
    *) why "$1 answers with a line of more than $LONGEST_LINE characters" 'look at what it prints; then run this section again' ;;
  esac
  return 2
}

# find_text FILE: sets SAID to what is in it, its last newlines too. (`read -d ''` takes it byte by byte in bash 4.2.)
find_text() {
  local IFS=''
  local -a lines=()
  mapfile lines <"$1" || return
  SAID="${lines[*]-}"
}

# printed FUNCTION [ARG...]: the other way round: calls FUNCTION, which sets SAID, and prints SAID, for an apply and for a pipe.
printed() {
  "$@" || return
  printf '%s\n' "$SAID"
}

# Put before a command that a client or another host answers, so that silence is not waited for without an end. ANSWER_LIMIT is for what
# only reads, COMMAND_LIMIT for what may act too: in an apply it is empty, since what is done there takes as long as it takes.
ANSWER_LIMIT=() COMMAND_LIMIT=()

# wait_at_most SECONDS: for each answer. --foreground: Ctrl-C reaches the command.
wait_at_most() {
  ANSWER_LIMIT=(timeout --foreground "$1")
  COMMAND_LIMIT=("${ANSWER_LIMIT[@]}")
}
wait_at_most "$TIMEOUT_ANSWER"

# patiently QUESTION [ARG...]: for one that reads whole backups or file systems.
patiently() {
  local -a ANSWER_LIMIT COMMAND_LIMIT
  wait_at_most $((TIMEOUT_ANSWER > 14400 ? TIMEOUT_ANSWER : 14400))
  "$@"
}

# why_at_last TEXT [REMEDY]: `why`, and the text on stderr too, where `said_last` finds it.
why_at_last() {
  why "$@"
  printf '%s\n' "$1" >&2
}

# has_not_answered WHO: the reason where a limit has ended a command.
has_not_answered() {
  why_at_last "$1 has not answered within ${ANSWER_LIMIT[2]} s" "look at $1: its load, its disks, what hangs there; then run this section again"
}

# ask QUESTION [ARG...]: sets ANSWER to yes, no or unknown; WHY and REMEDY to what the question said of it.
ask() {
  local status=0 KEPT=$KEPT
  if [[ -z $KEPT ]]; then new_moment; fi
  WHY='' REMEDY=''
  { : >"$SCRATCH/why" && : >"$SCRATCH/stderr" && : >"$SCRATCH/besides"; } 2>/dev/null || :
  # before ||, where neither errexit nor a trap of an apply takes a no for a failure
  (
    set +e
    close_lock
    wait_at_most "$TIMEOUT_ANSWER"
    trap - ERR EXIT
    # (bash 4.2 forgets here what was ignored)
    if [[ $DOING == stopping ]]; then trap '' HUP; fi
    "$@" 2>>"$SCRATCH/stderr"
    # bash itself ends with 1 at a variable that is not set: that does not count as a no
    case $? in
      0) exit 60 ;;
      1) exit 61 ;;
      *) exit 62 ;;
    esac
  ) || status=$?
  case $status in
    60) ANSWER=yes ;;
    61) ANSWER=no ;;
    *) ANSWER=unknown ;;
  esac
  read_why
}

read_why() {
  if [[ -s $SCRATCH/why ]]; then
    { IFS= read -r WHY && IFS= read -r REMEDY; } <"$SCRATCH/why" || :
  fi
  if [[ $ANSWER == unknown && -z $WHY && -s $SCRATCH/stderr ]]; then WHY=$(said_last); fi
  # they quote what others have said, and go to the screen, the log and the journal
  plain_into WHY "$WHY"
  plain_into REMEDY "$REMEDY"
  remedy_into REMEDY "$REMEDY"
}

# answer QUESTION [ARG...]: inside an apply, sets ANSWER to yes or no; cannot tell ends the apply here.
answer() {
  ask "$@"
  if [[ $ANSWER == unknown ]]; then give_up "cannot tell: ${WHY:-$*}"; fi
}

# give_up REASON: ends an apply; the run reports REASON.
give_up() {
  complain "$1"
  printf '%s\n' "$1" 2>/dev/null >"$SCRATCH/failed" || :
  exit 1
}

# when_yes QUESTION [ARG...] -- COMMAND [ARG...]: cannot tell ends the apply; no does nothing.
when_yes() { when_answer yes "$@"; }

# when_no QUESTION [ARG...] -- COMMAND [ARG...]
when_no() { when_answer no "$@"; }

when_answer() {
  local wanted=$1
  local -a question=()
  shift
  while [[ $1 != -- ]]; do
    question+=("$1")
    shift
  done
  shift
  answer "${question[@]}"
  if [[ $ANSWER == "$wanted" ]]; then
    "$@"
  fi
}

# opposite QUESTION [ARG...]: yes and no change places, cannot tell stays.
opposite() {
  local status=0
  "$@"
  status=$?
  case $status in
    0) return 1 ;;
    1) return 0 ;;
    *) return "$status" ;;
  esac
}

# either QUESTION [ARG...] -- QUESTION [ARG...]: the first's answer, unless that is no; then the second's.
either() {
  local -a first=()
  local status=0
  while [[ $1 != -- ]]; do
    first+=("$1")
    shift
  done
  shift
  "${first[@]}"
  status=$?
  case $status in
    0) return 0 ;;
    1) "$@" ;;
    *) return "$status" ;;
  esac
}

# insist QUESTION [ARG...]: inside an apply, what must be so at this very moment; anything but yes ends the apply here.
insist() {
  answer "$@"
  if [[ $ANSWER == no ]]; then give_up "stopped just before the change: ${WHY:-$*}${REMEDY:+; $REMEDY}"; fi
}

# on_failure FUNCTION [ARG...] -- COMMAND [ARG...]: inside an apply, for a command whose failure leaves something that must be reported:
# FUNCTION reports it, and the apply ends, with the command's own status unless FUNCTION has ended it.
on_failure() {
  local status
  local -a word=()
  while [[ $1 != -- ]]; do
    word+=("$1")
    shift
  done
  shift
  set +e
  "$@"
  status=$?
  set -e
  if ((status == 0)); then return 0; fi
  "${word[@]}"
  exit "$status"
}

# attempt COMMAND [ARG...]: inside an apply, a client whose exit status proves nothing either way; the result is checked afterwards.
attempt() {
  local status
  set +e
  "$@"
  status=$?
  set -e
  if ((status != 0)); then note "exited with $status; the result is checked below"; fi
}
