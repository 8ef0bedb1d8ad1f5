# The list of steps stands at the end of each section script, in a here-document; everything here reads that list.
#
#   ID NAME SHAPE RISK BRACKET DEADLINE TITLE    SHAPE: change, check, attended    RISK: low, disruptive, destructive
#   each GROUP [BATCH]  ...  end_each            the rows between, whole for one node (or batch) before the next
#
# BRACKET is - or opens:WORD, body:WORD, closes:WORD. A bracket opens only if a step of its body is not satisfied.

STEP_ID=() STEP_NAME=() STEP_SHAPE=() STEP_RISK=() STEP_BRACKET=() STEP_DEADLINE=() STEP_TITLE=()
WALK_ROW=() WALK_NODE=()
EACH_GROUP='' EACH_FROM=0 EACH_BATCH=1
STEP_AT=0 STEP_COUNT=0 CHANGED=() FAILED_CHECKS=() WARNED_CHECKS=()

# section ID TITLE NEEDS ARGUMENTS...: NEEDS are the sections that come before, joined by blanks.
section() {
  SECTION=$1 SECTION_TITLE=$2 SECTION_NEEDS=$3
  SCRIPT=${0##*/}
  shift 3
  read_options "$@"
  if [[ $MODE == help ]]; then
    usage
    exit 0
  fi
  WRITES=no
  if [[ $MODE == run ]]; then WRITES=yes; fi
  screen_open
  scratch_open
  ssh_options
  gate_bundle
  if [[ $MODE == run ]]; then
    state_open
    gate_approved
    lock_site
    trap_signals
  else
    STATE=${OSP_STATE_DIR:-$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME/$CHANGE}
  fi
}

# steps: reads the list from stdin.
steps() {
  local id name shape risk bracket deadline title
  while read -r id name shape risk bracket deadline title; do
    case $id in
      each) each "$name" "${shape:-1}" ;;
      end_each) end_each ;;
      *) step "$id" "$name" "$shape" "$risk" "$bracket" "$deadline" "$title" ;;
    esac
  done
}

step() {
  STEP_ID+=("$1") STEP_NAME+=("$2") STEP_SHAPE+=("$3") STEP_RISK+=("$4") STEP_BRACKET+=("$5") STEP_DEADLINE+=("$6") STEP_TITLE+=("$7")
  if [[ -z $EACH_GROUP ]]; then
    WALK_ROW+=($((${#STEP_ID[@]} - 1)))
    WALK_NODE+=('')
  fi
}

each() { EACH_GROUP=$1 EACH_BATCH=$2 EACH_FROM=${#STEP_ID[@]}; }

end_each() {
  local node
  local -a batch=()
  while IFS= read -r node; do
    if [[ -n $ONLY_NODE && $node != "$ONLY_NODE" ]]; then continue; fi
    batch+=("$node")
    if ((${#batch[@]} == EACH_BATCH)); then
      walk_batch "${batch[@]}"
      batch=()
    fi
  done < <(nodes_in "$EACH_GROUP")
  if ((${#batch[@]} > 0)); then walk_batch "${batch[@]}"; fi
  EACH_GROUP=''
}

walk_batch() {
  local -i row
  local node
  for ((row = EACH_FROM; row < ${#STEP_ID[@]}; row++)); do
    for node in "$@"; do
      WALK_ROW+=("$row")
      WALK_NODE+=("$node")
    done
  done
}

run_steps() {
  check_selection
  STEP_COUNT=${#WALK_ROW[@]}
  case $MODE in
    list) list_steps ;;
    status) status_of_steps ;;
    dry-run) walk describe_step ;;
    run) run_for_real ;;
  esac
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

list_steps() {
  local -i row
  for ((row = 0; row < ${#STEP_ID[@]}; row++)); do
    printf '%-9s %-9s %-12s %s\n' "${STEP_ID[row]}" "${STEP_SHAPE[row]}" "${STEP_RISK[row]}" "${STEP_TITLE[row]}"
  done
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
  if [[ -n $ONLY_STEP ]]; then require_earlier_steps; fi
  walk take_step
  leave_node
  finish_run
}

describe_options() {
  printf '%s' "${ONLY_STEP:+--step $ONLY_STEP }${ONLY_NODE:+--node $ONLY_NODE }${FORCE_GATE:+--force-gate $FORCE_GATE}"
}

finish_run() {
  local status=0
  if ((${#FAILED_CHECKS[@]} > 0)); then
    status=1
    say "${RED}failed checks: ${FAILED_CHECKS[*]}${PLAIN}"
  fi
  if ((${#WARNED_CHECKS[@]} > 0)); then say "${YELLOW}warnings: ${WARNED_CHECKS[*]}${PLAIN}"; fi
  say "$SECTION ends after $(elapsed): ${#CHANGED[@]} steps changed something, exit $status"
  journal - - end "exit $status"
  STOPPED=yes
  if ((status > 0)); then exit "$status"; fi
}

# take_step AT
take_step() {
  local -i row=${WALK_ROW[$1]}
  local node=${WALK_NODE[$1]}
  enter_node "$node"
  CURRENT_ROW=$row CURRENT_NODE=$node
  show_step "$row" "$node"
  if [[ ${STEP_SHAPE[row]} == check ]]; then
    take_check "$row" "$node"
  else
    take_change "$1" "$row" "$node"
  fi
}

take_change() {
  local -i at=$1 row=$2
  local node=$3 name=${STEP_NAME[$2]} id=${STEP_ID[$2]} bracket=${STEP_BRACKET[$2]}
  if attested "$id"; then
    show_result attested "the operator's word stands for this step"
    return
  fi
  if [[ $bracket == opens:* ]] && ! bracket_is_needed "$at"; then
    show_result 'not needed' 'nothing behind it is left to do'
    return
  fi
  ask "${name}_satisfied" ${node:+"$node"}
  case $ANSWER in
    yes)
      show_result 'already done' "$WHY"
      journal "$id" "$node" satisfied
      if [[ $bracket == opens:* ]]; then open_bracket "$at"; fi
      if [[ $bracket == closes:* ]]; then close_bracket "$at"; fi
      return
      ;;
    unknown) refuse "cannot tell whether this is done: ${WHY:-no reason given}" "$REMEDY" ;;
  esac
  gate_sections
  gate_not_after "${STEP_RISK[row]}"
  ask "${name}_requires" ${node:+"$node"}
  case $ANSWER in
    no) refuse "${WHY:-what this step requires is not so}" "$REMEDY" ;;
    unknown) refuse "cannot tell whether this may run: ${WHY:-no reason given}" "$REMEDY" ;;
  esac
  confirm_step "$row" "$node"
  before_node_hook "$node" "${STEP_RISK[row]}"
  if [[ $bracket == opens:* ]]; then open_bracket "$at"; fi
  apply_step "$row" "$node"
  verify_step "$row" "$node"
  if [[ $bracket == closes:* ]]; then close_bracket "$at"; fi
}

# The apply runs under errexit in its own subshell. Neither it nor any caller of ours stands behind ||, in a condition or in the
# background, where set -e is inert; the canary proves it alive each time.
apply_step() {
  local name=${STEP_NAME[$1]} id=${STEP_ID[$1]} node=$2 status
  prove_errexit
  journal "$id" "$node" start
  printf '=== %s %s %s\n' "$(date '+%F %T')" "$id" "$node" >>"$LOG"
  set +e
  if [[ ${STEP_SHAPE[$1]} == attended ]]; then
    (
      enter_apply
      "${name}_attend" ${node:+"$node"}
    )
    status=$?
  else
    (
      enter_apply
      "${name}_apply" ${node:+"$node"}
    ) </dev/null 2>&1 | tee --ignore-interrupts --append -- "$LOG"
    status=${PIPESTATUS[0]}
  fi
  set -e
  case $status in
    0) ;;
    4)
      journal "$id" "$node" waiting
      stop 4 waiting 'this step waits for the operator'
      ;;
    *)
      journal "$id" "$node" failed "exit $status"
      stop 1 failed "a command of this step ended with $status"
      ;;
  esac
}

enter_apply() {
  close_lock
  trap - EXIT INT TERM HUP
  cd -- "$UNDERCLOUD_HOME"
  set -e
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
    stop 3 refused 'errexit is inert here: a failing command would go unnoticed; this is a fault of the runtime'
  fi
}

verify_step() {
  local name=${STEP_NAME[$1]} id=${STEP_ID[$1]} node=$2
  if ! wait_until "${STEP_DEADLINE[$1]}" "${STEP_TITLE[$1]}" "${name}_verify" ${node:+"$node"}; then
    journal "$id" "$node" unverified "$WHY"
    stop 1 failed "$WHY" "$REMEDY"
  fi
  CHANGED+=("$id${node:+ $node}")
  journal "$id" "$node" done
  show_result done "$WHY"
}

# An attended step that has told the operator what to do ends with this; the same command goes on afterwards.
hand_over() {
  note "$@"
  exit 4
}

refuse() {
  journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" refused "$1"
  stop 3 refused "$1" "${2-}"
}

# With --step, the section's earlier steps must be satisfied.
require_earlier_steps() {
  local -i at row
  local node
  for ((at = 0; at < ${#WALK_ROW[@]}; at++)); do
    row=${WALK_ROW[at]} node=${WALK_NODE[at]}
    if [[ ${STEP_ID[row]} == "$ONLY_STEP" ]]; then return; fi
    if [[ ${STEP_SHAPE[row]} == check ]] || attested "${STEP_ID[row]}"; then continue; fi
    if [[ ${STEP_BRACKET[row]} == opens:* ]] && ! bracket_is_needed "$at"; then continue; fi
    CURRENT_ROW=$row CURRENT_NODE=$node
    ask "${STEP_NAME[row]}_satisfied" ${node:+"$node"}
    if [[ $ANSWER != yes ]]; then
      STEP_AT=$((at + 1))
      show_step "$row" "$node"
      refuse "step $ONLY_STEP comes after this one, which is not done${WHY:+: $WHY}" "./$SCRIPT --step ${STEP_ID[row]}"
    fi
  done
}

# describe_step AT: for --dry-run.
describe_step() {
  local -i row=${WALK_ROW[$1]}
  local node=${WALK_NODE[$1]} name=${STEP_NAME[WALK_ROW[$1]]}
  show_step "$row" "$node"
  if [[ ${STEP_SHAPE[row]} == check ]]; then
    show_result 'would check'
    return
  fi
  if attested "${STEP_ID[row]}"; then
    show_result attested
    return
  fi
  if [[ ${STEP_BRACKET[row]} == opens:* ]] && ! bracket_is_needed "$1"; then
    show_result 'not needed' 'nothing behind it is left to do'
    return
  fi
  ask "${name}_satisfied" ${node:+"$node"}
  case $ANSWER in
    yes) show_result 'already done' "$WHY" ;;
    no)
      show_result 'would run'
      show_commands "$row" "$node"
      ;;
    unknown) show_result 'cannot tell' "$WHY" ;;
  esac
}

# For --status, and for the gates of later sections: 0 all done, 1 something is not, 3 cannot tell.
status_of_steps() {
  local -i at row status=0
  local node
  for ((at = 0; at < ${#WALK_ROW[@]}; at++)); do
    row=${WALK_ROW[at]} node=${WALK_NODE[at]}
    if [[ ${STEP_SHAPE[row]} == check || ${STEP_BRACKET[row]} == opens:* ]]; then continue; fi
    if attested "${STEP_ID[row]}"; then
      ANSWER=attested WHY=''
    else
      ask "${STEP_NAME[row]}_satisfied" ${node:+"$node"}
    fi
    printf '%-9s %-8s %s\n' "${STEP_ID[row]}" "$ANSWER" "${STEP_TITLE[row]}${node:+  $node}${WHY:+  ($WHY)}"
    case $ANSWER in
      no) if ((status == 0)); then status=1; fi ;;
      unknown) status=3 ;;
    esac
  done
  if ((status > 0)); then
    STOPPED=yes
    exit "$status"
  fi
}
