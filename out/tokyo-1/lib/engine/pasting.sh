# Remedies as lines that can be pasted on the undercloud: those of the table (remedies.sh) and those of a step.
#
# What a step's own question or check gives as its remedy is words, commands, or both: parts with ` ;; ` between them, the words first.
# A part of commands says where they run: `on NODE: COMMANDS`, where NODE is a node, a group (each of its nodes), or `controller` or
# `monitor` (the first of them); `rc:`, `stackrc:` and `here:` as in the table.

# paste_into VARIABLE PLACE OPTION NODE COMMAND: what follows the label; empty where the site has no such place.
paste_into() {
  local given=$5 line='' file
  local -a nodes=()
  case $2 in
    here) line=": $given" ;;
    bundle) line=": cd $(quoted "$BUNDLE") && $given" ;;
    rc | stackrc)
      file=stackrc
      if [[ $2 == rc ]]; then file=${STACK}rc; fi
      line=": (. $(quoted "$UNDERCLOUD_HOME/$file"); $given)"
      ;;
    node | console)
      if [[ $2 == console ]]; then
        line=", at the console of ${4:-the node}: $given"
      elif [[ -n $4 && -n ${NODE_ADDRESS[$4]-} ]]; then
        ssh_line_into line "$3" "$given" "$4"
      elif [[ $4 == undercloud ]]; then
        line=": $given"
      else
        line=", where it failed: $given"
      fi
      ;;
    *)
      nodes_into nodes "$2"
      if ((${#nodes[@]} > 0)); then ssh_line_into line "$3" "$given" "${nodes[@]}"; fi
      ;;
  esac
  printf -v "$1" %s "$line"
}

# nodes_into nodes PLACE: the nodes of a group; of `monitor` and of `controller` the first.
nodes_into() {
  local node group=$2
  case $2 in
    monitor) group=ceph_mons ;;
    controller) group=pacemaker ;;
  esac
  for node in "${NODES[@]}"; do
    if ! node_is "$node" "$group"; then continue; fi
    nodes+=("$node")
    if [[ $group != "$2" ]]; then return 0; fi
  done
}

# ssh_line_into VARIABLE OPTION COMMAND NODE...: one line, with that option of ssh (or none), and with the options of the spec that reach a node (port, jump host, key).
ssh_line_into() {
  local variable=$1 option=$2 far=$3 start at quote="'" escaped="'\\''"
  local -a addresses=()
  shift 3
  for at in "$@"; do addresses+=("${NODE_ADDRESS[$at]}"); done
  far=$quote${far//"$quote"/"$escaped"}$quote
  with_words_of SSH_SITE_OPTIONS quote_into start ssh ${option:+"$option"}
  if ((${#addresses[@]} == 1)); then
    printf -v "$variable" ': %s %s@%s %s' "$start" "$SSH_USER" "${addresses[0]}" "$far"
  else
    printf -v "$variable" %s ": for at in ${addresses[*]}; do echo \"== \$at\"; $start $SSH_USER@\"\$at\" $far; done"
  fi
}

# remedy_into VARIABLE REMEDY: as it is shown, `WORDS: COMMAND; COMMAND`: each command can be pasted on the undercloud. What is shown already
# stays the same, so that a reason may be handed on.
remedy_into() {
  local variable=$1 rest=$2 part command last='' shown=''
  while [[ -n $rest ]]; do
    part=${rest%%' ;; '*}
    rest=${rest:${#part}}
    rest=${rest#' ;; '}
    part_into command "$part"
    if [[ -n $command && $last == words ]]; then shown+=': '; elif [[ -n $last ]]; then shown+='; '; fi
    shown+=${command:-$part}
    last=${command:+command}
    last=${last:-words}
  done
  printf -v "$variable" %s "$shown"
}

# part_into VARIABLE PART: its commands as one line; empty for words, and for a host that the site does not have.
part_into() {
  local form='^(on ([A-Za-z0-9][A-Za-z0-9._-]*)|rc|stackrc|here): (.+)$' pasted='' place node commands
  if [[ $2 =~ $form ]]; then
    place=${BASH_REMATCH[1]} node=${BASH_REMATCH[2]} commands=${BASH_REMATCH[3]}
    if [[ -n $node ]]; then find_place "$node"; fi
    paste_into pasted "$place" '' "$node" "$commands"
  fi
  printf -v "$1" %s "${pasted#: }"
}

# find_place HOST: sets place, and node where it is a node: HOST is its short or full name, the undercloud's, or a group.
find_place() {
  local candidate
  place=$1
  if [[ $1 == undercloud ]] || is_host_of "$1" "${HOSTNAME%%.*}"; then place=here; fi
  for candidate in "${NODES[@]}"; do
    if is_host_of "$1" "$candidate"; then place=node node=$candidate; fi
  done
}

# words_into VARIABLE TEXT: its lines, which others have said, as words that a shell reads back.
words_into() {
  local -a lines=()
  mapfile -t lines <<<"$2"
  quote_into "$1" "${lines[@]}"
}

# shown_remedy REMEDY: as it is shown, printed, for an apply that says what to do.
shown_remedy() {
  local text
  remedy_into text "$1"
  printf '%s' "$text"
}
