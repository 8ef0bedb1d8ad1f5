# Brackets: steps that set something up, a body, and the step that puts it back.

OPEN_BRACKETS=()
# The step that may come to open a bracket in this run, and has not; an earlier run may have left things set up that are to be put back.
OPENING_AT=''

# bracket_is_needed AT: NEEDED says whether a change in the body of the bracket that opens at AT is still to be done. Cannot tell
# refuses a run. (An answer in a variable: a refusal puts back what is open, and must not do so from inside a condition.)
bracket_is_needed() {
  local word=${STEP_BRACKET[WALK_ROW[$1]]#opens:} node=${WALK_NODE[$1]}
  local -i at row
  local opening=$1
  numbers opening || return
  NEEDED=no OPENING_AT=$opening
  for ((at = opening + 1; at < ${#WALK_ROW[@]}; at++)); do
    row=${WALK_ROW[at]}
    if [[ -n $node && ${WALK_NODE[at]} != "$node" ]]; then continue; fi
    if [[ ${STEP_BRACKET[row]} == "closes:$word" ]]; then break; fi
    if [[ ${STEP_SHAPE[row]} == check || ${STEP_BRACKET[row]} == opens:* || ${STEP_BRACKET[row]} == closes:* ]]; then continue; fi
    if attested "${STEP_ID[row]}" "${WALK_NODE[at]}"; then continue; fi
    ask_lately "${STEP_NAME[row]}_satisfied" ${WALK_NODE[at]:+"${WALK_NODE[at]}"}
    if [[ $ANSWER == unknown && $MODE == run ]]; then
      CURRENT_ROW=$row CURRENT_NODE=${WALK_NODE[at]}
      refuse "cannot tell whether ${STEP_ID[row]}${CURRENT_NODE:+ $CURRENT_NODE} is done: ${WHY:-no reason given}" "$REMEDY"
    fi
    if [[ $ANSWER != yes ]]; then
      NEEDED=yes
      return 0
    fi
  done
  OPENING_AT=''
}

# The row that closes what opens at AT: the next one of that word.
closing_row() {
  local word=${STEP_BRACKET[WALK_ROW[$1]]#opens:}
  local opening=${WALK_ROW[$1]}
  local -i row
  numbers opening || return
  for ((row = opening + 1; row < ${#STEP_ID[@]}; row++)); do
    if [[ ${STEP_BRACKET[row]} == "closes:$word" ]]; then
      printf '%d' "$row"
      return 0
    fi
  done
}

open_bracket() {
  OPENING_AT=''
  OPEN_BRACKETS+=("$(closing_row "$1"):${WALK_NODE[$1]}")
}

# take_over_bracket: what a run that was cut short has left set up is ours to put back, also where this run stops before it opens anything.
take_over_bracket() {
  local row
  if [[ -z $OPENING_AT || $MODE != run ]]; then return 0; fi
  row=$(closing_row "$OPENING_AT")
  ask "${STEP_NAME[row]}_satisfied" ${WALK_NODE[OPENING_AT]:+"${WALK_NODE[OPENING_AT]}"}
  if [[ $ANSWER == no ]]; then open_bracket "$OPENING_AT"; fi
}

close_bracket() {
  with_words_of OPEN_BRACKETS keep_open_but "${WALK_ROW[$1]}:${WALK_NODE[$1]}"
}
keep_open_but() {
  local open closed=$1
  shift
  OPEN_BRACKETS=()
  for open in "$@"; do
    if [[ $open != "$closed" ]]; then OPEN_BRACKETS+=("$open"); fi
  done
}

# After a failure: each open bracket, innermost first, puts back what can be put back now and says what must stay.
rescue_brackets() {
  local -i last row status
  local node
  # a signal may have come inside a question: what that had learnt, and the modes of the moment, are not for here
  KEPT='' UNSETTLED='' IFS=$' \t\n'
  set +o noclobber
  forget_lately
  take_over_bracket
  while ((${#OPEN_BRACKETS[@]} > 0)); do
    last=$((${#OPEN_BRACKETS[@]} - 1))
    row=${OPEN_BRACKETS[last]%%:*} node=${OPEN_BRACKETS[last]#*:}
    note "undoing the set-up: ${STEP_ID[row]} ${STEP_TITLE[row]}${node:+ ($node)}"
    set +e
    (
      under_errexit
      "${STEP_NAME[row]}_rescue" ${node:+"$node"}
    ) </dev/null 2>&1 | keep_log
    status=${PIPESTATUS[0]}
    set -e
    # bash 4.2 holds a second Ctrl-C back while it is in the trap of the first
    if ((status == 130 || status == 143)); then leave_at_once "$status"; fi
    unset "OPEN_BRACKETS[last]"
    if ((status == 0)); then
      say_whether_undone "$row" "$node"
    else
      journal "${STEP_ID[row]}" "$node" rescue-failed "exit $status"
      complain 'this failed; do it by hand, or run the section again:'
      show_commands "$row" "$node"
    fi
  done
}

# say_whether_undone ROW NODE: whether what a rescue put back is back. A rescue may end well and leave something set up, for a reason that it gives.
say_whether_undone() {
  local left
  ask "${STEP_NAME[$1]}_satisfied" ${2:+"$2"}
  case $ANSWER in
    yes)
      journal "${STEP_ID[$1]}" "$2" rescued
      note 'undone'
      return 0
      ;;
    no) left="not undone: ${WHY:-the result of ${STEP_ID[$1]} is not there}" ;;
    *) left="not confirmed to be undone: ${WHY:-no reason given}" ;;
  esac
  journal "${STEP_ID[$1]}" "$2" rescue-failed "$left"
  complain "$left"
  if [[ -n $REMEDY ]]; then complain "remedy: $REMEDY"; fi
}

# What stays set up on purpose, and which step puts it back.
say_what_stays_open() {
  local at open node
  for at in "${!OPEN_BRACKETS[@]}"; do
    open=${OPEN_BRACKETS[at]}
    node=${open#*:}
    note "remains in place until ${STEP_ID[${open%%:*}]}: ${STEP_TITLE[${open%%:*}]}${node:+ ($node)}"
  done
}
