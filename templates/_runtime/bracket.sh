# Brackets: steps that set something up, a body, and the step that puts it back.

OPEN_BRACKETS=()

# bracket_is_needed AT: is a change in the body of the bracket that opens at AT still to be done? Cannot tell refuses the run.
bracket_is_needed() {
  local word=${STEP_BRACKET[WALK_ROW[$1]]#opens:} node=${WALK_NODE[$1]}
  local -i at row
  for ((at = $1 + 1; at < ${#WALK_ROW[@]}; at++)); do
    row=${WALK_ROW[at]}
    if [[ -n $node && ${WALK_NODE[at]} != "$node" ]]; then continue; fi
    if [[ ${STEP_BRACKET[row]} == "closes:$word" ]]; then break; fi
    if [[ ${STEP_SHAPE[row]} == check || ${STEP_BRACKET[row]} == opens:* || ${STEP_BRACKET[row]} == closes:* ]]; then continue; fi
    if attested "${STEP_ID[row]}"; then continue; fi
    ask "${STEP_NAME[row]}_satisfied" ${WALK_NODE[at]:+"${WALK_NODE[at]}"}
    case $ANSWER in
      no) return 0 ;;
      unknown)
        CURRENT_ROW=$row CURRENT_NODE=${WALK_NODE[at]}
        if [[ $MODE == run ]]; then
          refuse "cannot tell whether ${STEP_ID[row]} ${WALK_NODE[at]} is done: ${WHY:-no reason given}" "$REMEDY"
        fi
        return 0
        ;;
    esac
  done
  return 1
}

# The row that closes what opens at AT.
closing_row() {
  local word=${STEP_BRACKET[WALK_ROW[$1]]#opens:}
  local -i row
  for ((row = 0; row < ${#STEP_ID[@]}; row++)); do
    if [[ ${STEP_BRACKET[row]} == "closes:$word" ]]; then printf '%d' "$row"; fi
  done
}

open_bracket() { OPEN_BRACKETS+=("$(closing_row "$1"):${WALK_NODE[$1]}"); }

close_bracket() {
  local -a left=()
  local open
  for open in "${OPEN_BRACKETS[@]+"${OPEN_BRACKETS[@]}"}"; do
    if [[ $open != "${WALK_ROW[$1]}:${WALK_NODE[$1]}" ]]; then left+=("$open"); fi
  done
  OPEN_BRACKETS=("${left[@]+"${left[@]}"}")
}

# After a failure: each open bracket, innermost first, puts back what can be put back now and says what must stay.
rescue_brackets() {
  local -i last
  local open name node
  while ((${#OPEN_BRACKETS[@]} > 0)); do
    last=$((${#OPEN_BRACKETS[@]} - 1))
    open=${OPEN_BRACKETS[last]}
    unset "OPEN_BRACKETS[last]"
    name=${STEP_NAME[${open%%:*}]} node=${open#*:}
    note "putting back what was set up: ${STEP_ID[${open%%:*}]} ${STEP_TITLE[${open%%:*}]}"
    set +e
    (
      enter_apply
      "${name}_rescue" ${node:+"$node"}
    ) </dev/null 2>&1 | tee --ignore-interrupts --append -- "$LOG"
    if ((PIPESTATUS[0] > 0)); then
      complain "that did not work; do it by hand, or run the section again:"
      show_commands "${open%%:*}" "$node"
    fi
    set -e
  done
}
