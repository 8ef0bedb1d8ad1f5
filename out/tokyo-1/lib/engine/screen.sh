# What people see. Colours and redrawn lines only on a terminal; NO_COLOR is obeyed; all else is plain lines.
#
# What is shown is kept in the section's log too. A screen that goes away (a closed pipe, a lost terminal) leaves the log.

SCREEN_LOG='' SCREEN_GONE=no REDRAW=no
# Where messages and complaints go; an attended step has a screen of its own beside what its tools print.
SCREEN_FD=1 COMPLAINT_FD=2
BOLD='' DIM='' RED='' YELLOW='' GREEN='' PLAIN=''

screen_open() {
  if [[ ! -t 1 || ${TERM:-dumb} == dumb ]]; then return 0; fi
  # lines are redrawn on the terminal itself, so that neither a log nor a pipe gets them
  if { : >/dev/tty; } 2>/dev/null; then REDRAW=yes; fi
  if [[ -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' YELLOW=$'\e[33m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
  fi
}

# put LINE: on the screen and in the log, without control sequences but for our own colours.
put() {
  local line=$1
  if [[ $line == *[[:cntrl:]]* ]] || has_unseen "$line"; then colours_alone_into line "$line"; fi
  if ! { printf '%s\n' "$line" 1>&"$SCREEN_FD"; } 2>/dev/null; then
    screen_is_gone
    # the line that could not be shown is not lost
    { printf '%s\n' "$line" 1>&"$SCREEN_FD"; } 2>/dev/null || :
  fi
  put_in_log "$line"
}

# colours_alone_into NAME TEXT: without control characters but for tabs, line ends and our colours.
colours_alone_into() {
  local text=$2 code sign
  local -i number=0
  text=${text//[$'\x01'-$'\x08'$'\x0b'-$'\x1a'$'\x1c'-$'\x1f'$'\x7f']/}
  for code in "$BOLD" "$DIM" "$RED" "$YELLOW" "$GREEN" "$PLAIN"; do
    number+=1
    printf -v sign '\\x%02x' "$number"
    printf -v sign '%b' "$sign"
    if [[ -n $code ]]; then text=${text//"$code"/$sign}; fi
  done
  text=${text//$'\e'/}
  number=0
  for code in "$BOLD" "$DIM" "$RED" "$YELLOW" "$GREEN" "$PLAIN"; do
    number+=1
    printf -v sign '\\x%02x' "$number"
    printf -v sign '%b' "$sign"
    text=${text//$sign/$code}
  done
  mark_unseen text
  printf -v "$1" '%s' "$text"
}

# has_unseen TEXT: there are control characters of the second set (C1) in it, or characters that turn or hide what is beside them: marks of
# direction, separators, and those without a width. Byte by byte, as the locale is.
has_unseen() {
  [[ $1 == *$'\xc2'[$'\x80'-$'\x9f']* || $1 == *$'\xe2'[$'\x80\x81']* || $1 == *$'\xef\xbb\xbf'* ]]
}

# mark_unseen NAME: puts a ? in place of each in this variable. Taken out, it could leave two bytes side by side that make another one; for
# the same reason the control characters of the first set go before.
mark_unseen() {
  local marked=${!1}
  if ! has_unseen "$marked"; then return 0; fi
  marked=${marked//$'\xc2'[$'\x80'-$'\x9f']/?}
  marked=${marked//$'\xe2\x80'[$'\x8b'-$'\x8f'$'\xa8'-$'\xae']/?}
  marked=${marked//$'\xe2\x81'[$'\xa0'-$'\xaf']/?}
  printf -v "$1" '%s' "${marked//$'\xef\xbb\xbf'/?}"
}

put_in_log() {
  local text=$1 code
  if [[ -z $SCREEN_LOG ]]; then return 0; fi
  for code in "$BOLD" "$DIM" "$RED" "$YELLOW" "$GREEN" "$PLAIN"; do
    if [[ -n $code ]]; then text=${text//"$code"/}; fi
  done
  printf '%s\n' "$text" 2>/dev/null >>"$SCREEN_LOG" || :
}

# A message must not end the run half-way: it goes to stderr if that is a terminal, else to the log.
screen_is_gone() {
  SCREEN_GONE=yes REDRAW=no
  if [[ -t $COMPLAINT_FD ]]; then
    exec 1>&"$COMPLAINT_FD"
  else
    exec >>"${SCREEN_LOG:-/dev/null}" 2>&1
    SCREEN_LOG=''
  fi
  SCREEN_FD=1 COMPLAINT_FD=2
}

say() { put "$*"; }

# Indented under the line of the step it belongs to.
note() { put "        $*"; }

complain() {
  local text
  plain_into text "$*"
  printf '        %s%s%s\n' "$RED" "$text" "$PLAIN" 1>&"$COMPLAINT_FD" || :
  put_in_log "        $text"
}

# plain TEXT...: without control characters, so that nothing a tool printed can draw on the operator's terminal or break a table.
plain() {
  local text
  plain_into text "$@"
  printf '%s' "$text"
}

# plain_into NAME TEXT...: the same into a variable, for what each step has several times: no process is started for it.
plain_into() {
  local raw=${*:2}
  raw=${raw//[$'\t\n\r']/ }
  raw=${raw//[[:cntrl:]]/}
  mark_unseen raw
  printf -v "$1" '%s' "$raw"
}

duration() {
  local text
  duration_into text "$1"
  printf '%s' "$text"
}

# duration_into NAME SECONDS: 4 s, 3 m 12 s, 1 h 02 m
duration_into() {
  local seconds=$2
  # (a clock may step back)
  if [[ ! $seconds =~ ^[0-9]{1,18}$ ]]; then seconds=0; fi
  if ((seconds < 60)); then
    printf -v "$1" '%d s' "$seconds"
  elif ((seconds < 3600)); then
    printf -v "$1" '%d m %02d s' $((seconds / 60)) $((seconds % 60))
  else
    printf -v "$1" '%d h %02d m' $((seconds / 3600)) $((seconds % 3600 / 60))
  fi
}

# look_at_clock: sets NOW, seconds since the epoch, which every text with a time uses until the next look. STEADY counts the same seconds and
# never goes back: limits use it, so that a clock that is set back prolongs nothing.
look_at_clock() {
  local -i before=$NOW
  NOW=$(exec date +%s)
  if ((NOW > before)); then STEADY=$((STEADY + NOW - before)); fi
}

# time_into NAME FORMAT [SECONDS]: NOW, or that time, as strftime words it. All times that are shown or kept are UTC, and say so with a Z.
time_into() { TZ=UTC0 printf -v "$1" "%($2)T" "${3:-$NOW}"; }

# elapsed_into NAME: the run's age when the clock was last looked at, and the step's own where it took a while: 12 s, or 3 m 12 s; 1 h 02 m in all
elapsed_into() {
  local step run
  duration_into run $((NOW - RUN_STARTED))
  if ((NOW - STEP_STARTED >= 5 && STEP_STARTED > RUN_STARTED)); then
    duration_into step $((NOW - STEP_STARTED))
    run="$step; $run in all"
  fi
  printf -v "$1" '%s' "$run"
}

STEP_STARTED=$RUN_STARTED NOW=$RUN_STARTED STEADY=0

# [3/12] 2.08/3  Reboot a Ceph Storage node  overcloud-cephstorage-0
show_step() {
  look_at_clock
  STEP_STARTED=$NOW
  put "${DIM}[$STEP_AT/$STEP_COUNT]$PLAIN $BOLD${STEP_ID[$1]}  ${STEP_TITLE[$1]}$PLAIN${2:+  $2}"
}

# show_result WORD [DETAIL]
show_result() {
  look_at_clock
  result_line "$@"
}

# result_line WORD [DETAIL]: the same for whoever has just looked at the clock.
result_line() {
  local colour=$GREEN detail age
  case $1 in
    warn | skipped | 'would run' | 'would check' | waived | waiting | 'cannot tell') colour=$YELLOW ;;
    failed | fail | refused | interrupted*) colour=$RED ;;
  esac
  plain_into detail "${2-}"
  elapsed_into age
  put "        $colour$1$PLAIN${2:+: $detail}  $DIM($age)$PLAIN"
}
