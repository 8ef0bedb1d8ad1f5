# The list of steps, looked at: nothing here changes anything.

list_steps() {
  local -i row
  for ((row = 0; row < ${#STEP_ID[@]}; row++)); do
    printf '%-9s %-9s %-12s %s\n' "${STEP_ID[row]}" "${STEP_SHAPE[row]}" "${STEP_RISK[row]}" "${STEP_TITLE[row]}"
  done
}

WOULD_RUN=0 CANNOT_TELL=0 LATER=0
# What the steps before would change: a node, or `/` for the rest; and by ROW:NODE of a step that would close a bracket, the one that opens it.
declare -A WOULD_CHANGE=() WOULD_CLOSE=()

dry_run() {
  say "${BOLD}$SECTION  $SECTION_TITLE${PLAIN}   site $SITE_NAME, change $CHANGE, bundle ${DIGEST:0:12}: what would be done"
  describe_order
  walk describe_step
  say "$SECTION: $(counted "$WOULD_RUN" step) would run, $LATER are checked again later, $CANNOT_TELL cannot be determined; nothing was changed"
}

# A section that would not start yet: what looks done now may change until then.
describe_order() {
  local need script
  for need in $SECTION_NEEDS; do
    for script in "$BUNDLE/$need"-*.sh; do
      if [[ ! -e $script ]]; then continue; fi
      ask section_is_done "$script"
      if [[ $ANSWER == yes ]]; then continue; fi
      WOULD_CHANGE["/"]=yes
      note "it would not start yet: section $need is not done${WHY:+: $WHY}"
    done
  done
}

# describe_step AT
describe_step() {
  local row=${WALK_ROW[$1]} node=${WALK_NODE[$1]} name=${STEP_NAME[WALK_ROW[$1]]} closing
  show_step "$row" "$node"
  if [[ ${STEP_SHAPE[row]} == check ]]; then
    show_result 'would check'
    return 0
  fi
  if attested "${STEP_ID[row]}" "$node"; then
    show_result attested "the operator has recorded it as done"
    return 0
  fi
  if [[ ${STEP_BRACKET[row]} == opens:* ]]; then
    bracket_is_needed "$1"
    if [[ $NEEDED == no ]]; then
      if [[ -n ${WOULD_CHANGE["/"]-} ]]; then
        come_back_to 'the steps it prepares for are done'
      else
        show_result 'not needed' 'the steps it prepares for are done'
      fi
      return 0
    fi
  fi
  ask_lately "${name}_satisfied" ${node:+"$node"}
  case $ANSWER in
    yes) describe_done "$1" ;;
    no)
      WOULD_RUN=$((WOULD_RUN + 1))
      # (a switch for the whole section is put back, and makes nothing due on a node)
      if [[ -n $node || ${STEP_BRACKET[row]} != opens:* ]]; then WOULD_CHANGE[${node:-/}]=yes; fi
      if [[ ${STEP_BRACKET[row]} == opens:* ]]; then
        # (a variable: `$(...)` in a quoted subscript is a syntax error in bash 4.2)
        closing=$(closing_row "$1")
        WOULD_CLOSE["$closing:$node"]=${STEP_ID[row]}
      fi
      show_result 'would run' "${STEP_RISK[row]}${WHY:+; $WHY}"
      show_commands "$row" "$node"
      ;;
    unknown)
      CANNOT_TELL=$((CANNOT_TELL + 1))
      show_result 'cannot tell' "${WHY:-no reason given}"
      ;;
  esac
}

# describe_done AT: what holds now may hold no longer when its turn comes.
describe_done() {
  local row=${WALK_ROW[$1]} node=${WALK_NODE[$1]} opened
  opened=${WOULD_CLOSE["$row:$node"]-}
  if [[ -n $opened ]]; then
    WOULD_RUN=$((WOULD_RUN + 1))
    show_result 'would run' "at the end: it undoes $opened"
    show_commands "$row" "$node"
  elif [[ -n ${WOULD_CHANGE["/"]-} || -n ${WOULD_CHANGE[${node:-/}]-} || (-z $node && ${#WOULD_CHANGE[@]} -gt 0) ]]; then
    come_back_to "$WHY"
  else
    show_result 'already done' "$WHY"
  fi
}

# come_back_to REASON
come_back_to() {
  LATER=$((LATER + 1))
  show_result later "checked again when its turn comes${1:+; now $1}"
}

# For --status, and for the gates of later sections: ends with 0 when all is done, 1 when something is not, 3 when it cannot tell.
status_of_steps() {
  STATUS=0
  walk status_of_step
  if ((STATUS > 0)); then
    STOPPED=yes
    exit "$STATUS"
  fi
}

# status_of_step AT: checks are not asked, and what a bracket set up is judged by the step that puts it back.
status_of_step() {
  local row=${WALK_ROW[$1]} node=${WALK_NODE[$1]} reason
  if [[ ${STEP_SHAPE[row]} == check || ${STEP_BRACKET[row]} == opens:* ]]; then return 0; fi
  if attested "${STEP_ID[row]}" "$node"; then
    ANSWER=attested WHY=''
  else
    ask_lately "${STEP_NAME[row]}_satisfied" ${node:+"$node"}
  fi
  plain_into reason "$WHY"
  printf '%-9s %-8s %s\n' "${STEP_ID[row]}" "$ANSWER" "${STEP_TITLE[row]}${node:+  $node}${WHY:+  (${reason#"$node "})}"
  if [[ $ANSWER == yes ]]; then show_besides "${STEP_ID[row]}"; fi
  case $ANSWER in
    no) if ((STATUS == 0)); then STATUS=1; fi ;;
    unknown) STATUS=3 ;;
  esac
}

# show_besides ID: a line for each warning of the last question.
show_besides() {
  local reason
  while IFS=$'\t' read -r reason _; do
    plain_into reason "$reason"
    printf '%-9s %-8s %s\n' "$1" warning "$reason"
  done <"$SCRATCH/besides"
}
