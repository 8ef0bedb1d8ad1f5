# A run: each step of the list in turn, for each node of its group; what is done is skipped, what may not begin is refused.

# STEADY when the gates of a step were passed last.
GATED_AT=0
# Whether the step that was to begin has been done by others, or by itself, since it was asked.
DONE_MEANWHILE=no
STEP_AT=0 STEP_COUNT=0 REQUIRED_UP_TO=0 CHANGED=() FAILED_CHECKS=() WARNED=()

run_steps() {
  local leave=exit
  check_selection
  STEP_COUNT=${#WALK_ROW[@]}
  case $MODE in
    list) list_steps ;;
    status) status_of_steps ;;
    dry-run) dry_run ;;
    run) run_for_real ;;
  esac
  # here, and not at the script's last line: bash would run what somebody has added after it meanwhile
  # (by a variable: ShellCheck would report every step as unreachable)
  "$leave"
}

check_selection() {
  local -i at
  local step_known=no node_known=no
  for ((at = 0; at < ${#WALK_ROW[@]}; at++)); do
    if [[ ${STEP_ID[WALK_ROW[at]]} == "$ONLY_STEP" ]]; then step_known=yes; fi
    if [[ ${WALK_NODE[at]} == "$ONLY_NODE" ]]; then node_known=yes; fi
  done
  if [[ -n $ONLY_NODE && $node_known == no ]]; then usage_error "no step of this section runs for node $(plain "$ONLY_NODE")"; fi
  if [[ -n $ONLY_STEP && $step_known == no ]]; then usage_error "no step $(plain "$ONLY_STEP") here; see --list"; fi
}

# walk VISITOR: calls VISITOR AT for every step and node asked for.
walk() {
  local -i at
  for ((at = 0; at < ${#WALK_ROW[@]}; at++)); do
    if [[ -n $ONLY_STEP && ${STEP_ID[WALK_ROW[at]]} != "$ONLY_STEP" ]]; then continue; fi
    STEP_AT=$((at + 1))
    "$1" "$at"
  done
}

run_for_real() {
  journal - - begin "$(describe_options)"
  say "${BOLD}$SECTION  $SECTION_TITLE${PLAIN}   site $SITE_NAME, change $CHANGE, bundle ${DIGEST:0:12}"
  walk take_step
  leave_nodes
  finish_run
}

describe_options() {
  printf '%s' "${ONLY_STEP:+--step $ONLY_STEP }${ONLY_NODE:+--node $ONLY_NODE }${FORCE_GATE:+--force-gate $FORCE_GATE}"
}

finish_run() {
  local status=0 age
  say_what_stays_open
  if ((${#WARNED[@]} > 0)); then say "${YELLOW}warnings: ${WARNED[*]}${PLAIN}"; fi
  if ((${#FAILED_CHECKS[@]} > 0)); then
    status=1
    say "${RED}failed checks: ${FAILED_CHECKS[*]}${PLAIN}"
    say_what_failed
  fi
  if [[ $JOURNAL_LOST == yes ]]; then status=1; fi
  STEP_STARTED=$RUN_STARTED
  journal - - end "exit $status"
  elapsed_into age
  say "$SECTION finished in $age: $(counted "${#CHANGED[@]}" step) changed something, exit $status"
  if ((status == 0)) && [[ -z $ONLY_STEP$ONLY_NODE ]]; then say_what_is_next; fi
  STOPPED=yes
  if ((status > 0)); then exit "$status"; fi
}

say_what_failed() {
  local failed row
  for failed in "${FAILED_CHECKS[@]}"; do
    for row in "${!STEP_ID[@]}"; do
      if [[ ${STEP_ID[row]} == "${failed%% *}" ]]; then note "${STEP_ID[row]}  ${STEP_TITLE[row]}"; fi
    done
  done
  note "log: $LOG"
  say_whom_to_call
  note "to continue, once that is fixed: cd $(quoted "$BUNDLE") && ./$SCRIPT"
}

# In the order of the guide; that section checks itself what it needs.
say_what_is_next() {
  local id script found=no
  while IFS=$'\t' read -r id script _; do
    if [[ $found == yes ]]; then
      note "next: ./$script"
      return 0
    fi
    if [[ $id == "$SECTION" ]]; then found=yes; fi
  done <"$COPY/lib/sections.tsv"
}

# counted NUMBER WORD: 1 step, 2 steps
counted() {
  if [[ $1 == 1 ]]; then printf '1 %s' "$2"; else printf '%d %ss' "$1" "$2"; fi
}

# take_step AT
take_step() {
  local row=${WALK_ROW[$1]} node=${WALK_NODE[$1]}
  if [[ -n $ONLY_STEP ]]; then require_earlier_steps "$1"; fi
  enter_batch "${WALK_BATCH[$1]}"
  CURRENT_ROW=$row CURRENT_NODE=$node DOING=asking
  show_step "$row" "$node"
  if [[ $SCREEN_GONE == yes ]]; then on_signal 129 'the screen is gone (its pipe is closed)'; fi
  if [[ ${STEP_SHAPE[row]} == check ]]; then
    examine "$row" "$node"
  else
    take_change "$1" "$row" "$node"
  fi
  DOING='between steps'
}

take_change() {
  local at=$1 row=$2 node=$3 name=${STEP_NAME[$2]} id=${STEP_ID[$2]} bracket=${STEP_BRACKET[$2]}
  if attested "$id" "$node"; then
    show_result attested "the operator has recorded it as done"
    return 0
  fi
  if [[ $bracket == opens:* ]]; then
    bracket_is_needed "$at"
    CURRENT_ROW=$row CURRENT_NODE=$node
    if [[ $NEEDED == no ]]; then
      show_result 'not needed' 'the steps it prepares for are done'
      return 0
    fi
  fi
  ask_lately "${name}_satisfied" ${node:+"$node"}
  case $ANSWER in
    yes)
      journal "$id" "$node" satisfied
      result_line 'already done' "$WHY"
      if [[ $bracket == opens:* ]]; then open_bracket "$at"; fi
      ;;
    no)
      may_begin "$row" "$node"
      if [[ $bracket == opens:* ]]; then open_bracket "$at"; fi
      if [[ $DONE_MEANWHILE == no ]]; then
        apply_step "$row" "$node"
        verify_step "$row" "$node"
      fi
      ;;
    unknown) refuse "cannot tell whether this is done: ${WHY:-no reason given}" "$REMEDY" ;;
  esac
  if [[ $bracket == closes:* ]]; then close_bracket "$at"; fi
}

# may_begin ROW NODE: every gate before an apply; refuses, or waits for the operator. The question may wait for hours, and the hook has five
# minutes. The last words are shown before the last look: a screen that is stopped (Ctrl-S) holds up whoever writes to it.
may_begin() {
  DONE_MEANWHILE=no
  pass_gates "$1" "$2"
  confirm_step "$1" "$2"
  pass_old_gates_again "$1" "$2"
  if [[ $DONE_MEANWHILE == yes ]]; then return 0; fi
  before_node_hook "$2" "${STEP_RISK[$1]}"
  say_begun "$1"
  pass_old_gates_again "$1" "$2"
}

# pass_old_gates_again ROW NODE: what held more than a minute ago may not hold now; and what was not done may have been done meanwhile.
pass_old_gates_again() {
  forget_lately
  if [[ ${STEP_RISK[$1]} == low ]]; then return 0; fi
  look_at_clock
  if ((STEADY - GATED_AT > 60)); then
    note_if_done_meanwhile "$1" "$2"
    if [[ $DONE_MEANWHILE == no ]]; then pass_gates "$1" "$2"; fi
  fi
  forget_lately
}

# An update that ends while the question is on the screen, or a node that a colleague reboots: a second time would be one too many.
note_if_done_meanwhile() {
  ask_lately "${STEP_NAME[$1]}_satisfied" ${2:+"$2"}
  case $ANSWER in
    yes)
      journal "${STEP_ID[$1]}" "$2" satisfied
      result_line 'already done' "meanwhile${WHY:+: $WHY}"
      DONE_MEANWHILE=yes
      ;;
    unknown) refuse "cannot tell whether this is done: ${WHY:-no reason given}" "$REMEDY" ;;
  esac
}

# pass_gates ROW NODE: a bracket can be closed whatever the order and the hour.
pass_gates() {
  local name=${STEP_NAME[$1]} node=$2
  DOING=asking
  if [[ ${STEP_BRACKET[$1]} != closes:* ]]; then
    gate_sections
    gate_not_after "${STEP_RISK[$1]}"
  fi
  gate_same_bundle
  if [[ ${STEP_RISK[$1]} != low ]]; then forget_lately; fi
  look_at_clock
  ask_lately "${name}_requires" ${node:+"$node"}
  case $ANSWER in
    no) refuse "${WHY:-a requirement of this step is not met}" "$REMEDY" ;;
    unknown) refuse "cannot check whether this step may run: ${WHY:-no reason given}" "$REMEDY" ;;
  esac
  if [[ ${STEP_RISK[$1]} == low ]]; then return 0; fi
  look_at_clock
  GATED_AT=$STEADY
}

refuse() {
  journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" refused "$1"
  if [[ $1 == 'cannot '* ]]; then hear_errors; fi
  stop 3 refused "$1" "${2-}"
}

# With --step, the section's earlier steps must be satisfied, all of one node before the next. A bracket that is open around the step is
# put back if it fails.
require_earlier_steps() {
  local -i at
  local last=$1 node row
  numbers last || return
  for ((at = REQUIRED_UP_TO; at < last; at++)); do
    row=${WALK_ROW[at]} node=${WALK_NODE[at]}
    if [[ ${STEP_ID[row]} == "$ONLY_STEP" || ${STEP_SHAPE[row]} == check ]] || attested "${STEP_ID[row]}" "$node"; then continue; fi
    CURRENT_ROW=$row CURRENT_NODE=$node
    if [[ ${STEP_BRACKET[row]} == opens:* ]]; then
      bracket_is_needed "$at"
      if [[ $NEEDED == no ]]; then continue; fi
    fi
    CURRENT_ROW=$row CURRENT_NODE=$node
    ask_lately "${STEP_NAME[row]}_satisfied" ${node:+"$node"}
    if [[ $ANSWER != yes ]]; then
      STEP_AT=$((at + 1))
      show_step "$row" "$node"
      refuse "step $ONLY_STEP${ONLY_NODE:+ of $ONLY_NODE} requires this step${node:+ of $node}, which is not done${WHY:+: $WHY}" \
        "./$SCRIPT --step ${STEP_ID[row]}${node:+ --node $node}"
    fi
    case ${STEP_BRACKET[row]} in
      opens:*) open_bracket "$at" ;;
      closes:*) close_bracket "$at" ;;
    esac
  done
  REQUIRED_UP_TO=$1
}
