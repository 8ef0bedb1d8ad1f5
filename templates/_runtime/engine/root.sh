# What root runs, here or on a node: one of our functions, sent as text with every other one that it names.

# The functions that a text for another host needs, while it is made.
NAMED=()

# as_root_on NODE FUNCTION [ARG...]: root runs our function on the node, under errexit.
as_root_on() { root_shell_on shown "$@"; }

# hear_root_on NODE FUNCTION [ARG...]: the same, and what it prints is in SAID.
hear_root_on() { root_shell_on heard "$@"; }

root_shell_on() {
  local output=$1 node=$2 address=${NODE_ADDRESS[${2:--}]-} status=0 limit=${COMMAND_LIMIT[2]} text
  local -a shell WAY
  shift 2
  if [[ -z $address ]]; then return 2; fi
  ssh_master "$node" || return
  function_text "$@" || return
  text=$SAID
  ssh_way "$address"
  shell=(ssh -o ControlMaster=no "${WAY[@]}" sudo -H bash -s)
  if [[ $output == heard ]]; then
    limit=${ANSWER_LIMIT[2]}
    SAID=$(only_ssh "${ANSWER_LIMIT[@]}" "${shell[@]}" <<<"$text") || status=$?
    if ((status == 0)); then
      heard_enough "$node" || return
    fi
  else
    (only_ssh_in_time "${shell[@]}" <<<"$text") || status=$?
  fi
  if ((status > 0)); then { printf '%s\n' "$node" >"$SCRATCH/failed_on"; } 2>/dev/null || :; fi
  # a question that ends here must not be answered with the reason of one before it
  case $status in
    0) ;;
    124 | 255) no_answer_of_node "$status" "$node" "$1" "$limit" ;;
    *) why "a command on $node failed: $(said_last)" "look at $node, then run this section again" ;;
  esac
  return "$status"
}

# as_root FUNCTION [ARG...], hear_root FUNCTION [ARG...]: the same on the undercloud.
as_root() { root_shell shown "$@"; }
hear_root() { root_shell heard "$@"; }

# Root's `timeout` ends what takes too long, with all that it has started. Ctrl-C, which would not get past it, waits for an answer; to what
# may take hours a shell before it passes it on.
PASSING_ON="timeout --kill-after=60 \"\$0\" bash -s <&0 & trap 'kill \"\$!\"' HUP INT TERM; wait \"\$!\""
root_shell() {
  local status=0 limit=${COMMAND_LIMIT[2]}
  local -a shell
  function_text "${@:2}" || return
  if [[ $1 == heard ]]; then limit=${ANSWER_LIMIT[2]}; fi
  shell=(sudo -H timeout "$limit" bash -s)
  if [[ $limit != "$TIMEOUT_ANSWER" ]]; then shell=(sudo -H bash -c "$PASSING_ON" "$limit"); fi
  if [[ $1 == heard ]]; then
    SAID=$(exec "${shell[@]}" <<<"$SAID") || status=$?
    if ((status == 0)); then
      heard_enough 'the undercloud' || return
    fi
  else
    "${shell[@]}" <<<"$SAID" || status=$?
  fi
  case $status:$limit in
    0:*) ;;
    124:* | 137:*) has_not_answered 'the undercloud' "$limit" ;;
    *) why "a command on the undercloud failed: $(said_last)" 'look at it, then run this section again' ;;
  esac
  return "$status"
}

# Sets SAID to the text that runs a function elsewhere: itself, our functions that it or its arguments name, and the call.
function_text() {
  local -a NAMED=()
  local KEPT=$SCRATCH/functions words
  name_functions "$*"
  # a run asks the same of many nodes, and what its functions are does not change
  kept "${NAMED[*]/%/.}" text_of_functions "${NAMED[@]}" || return
  quote_into words "$@"
  # the text is read whole before it runs, and what it starts must not read the rest of it
  SAID=$'set -euo pipefail\numask 077\nexport LC_ALL=C\ncd /\n'"$SAID"$'\n{ '"$words </dev/null; exit; }"
}

# name_functions TEXT: adds our functions that are words of it to the list NAMED. A variable of the same name does not count: one
# `$record` too many would take half of the runtime along to every node.
name_functions() {
  local word at
  local -a words
  local -A met=()
  for at in "${!NAMED[@]}"; do met[${NAMED[at]}]=yes; done
  # (a list made by read: nothing in it is taken for a pattern of file names)
  IFS=$' \t\n' read -r -d '' -a words <<<"${1//[\"\'\`();]/ }" || :
  for at in "${!words[@]}"; do
    word=${words[at]}
    if [[ $word == *[!a-zA-Z0-9_]* || -n ${met[$word]-} ]]; then continue; fi
    met[$word]=yes
    if declare -F "$word"; then NAMED+=("$word"); fi
  done >/dev/null
}

# text_of_functions NAME...: sets SAID to these functions, and all that their texts name.
text_of_functions() {
  local -a NAMED=("$@")
  local -i known=0
  local text all=''
  # a process for each round of names, not for each name
  while ((known < ${#NAMED[@]})); do
    text=$(declare -f "${NAMED[@]:known}") || return
    known=${#NAMED[@]}
    all+=$text$'\n'
    name_functions "$text"
  done
  SAID=$all
}
