# Checks that ask every node the same thing in parallel and judge each answer separately: a silent node hides no fault of another.
#
# A judge is called as JUDGE NODE with the node's answer on stdin, and says warn and fail; nothing where all is well.

# judge_nodes GROUP JUDGE FUNCTION [ARG...]: FUNCTION runs as root on every node of the group. A node that cannot be asked is a fail.
judge_nodes() {
  local group=$1 judge=$2 node
  shift 2
  gather "$group" as_root_on "$@"
  for node in "${NODES[@]}"; do
    if ! node_is "$node" "$group"; then continue; fi
    SAID=''
    find_gathered_status "$node"
    judge_answer "$judge" "$node" "${SAID:-255}"
  done
}

# judge_undercloud JUDGE FUNCTION [ARG...]
judge_undercloud() {
  local judge=$1 status=0
  shift
  mkdir --parents -- "$SCRATCH/gather"
  as_root "$@" >"$SCRATCH/gather/undercloud.out" 2>"$SCRATCH/gather/undercloud.err" || status=$?
  judge_answer "$judge" undercloud "$status"
}

# judge_answer JUDGE NODE STATUS [FILES]: FILES.out is what the node said, FILES.err what went wrong.
judge_answer() {
  local answers=${4:-$SCRATCH/gather/$2}
  log_answer "$2" "$answers"
  if [[ $3 == 0 ]]; then
    "$1" "$2" <"$answers.out"
  else
    fail "$2 does not answer: $(last_words "$answers.err" "$3")" "$(how_to_reach "$2" "$3")"
  fi
}

how_to_reach() {
  if [[ $2 == 255 ]]; then
    printf '%s' "$WHERE_A_NODE_IS_SILENT"
  else
    printf 'look at %s, then run this check again' "$1"
  fi
}

# The whole answers are for the ticket; the screen has the verdicts.
log_answer() {
  local SAID said="--- $1"$'\n'
  if find_text "$2.out" && said+=$SAID && find_text "$2.err" && said+=$SAID && is_short "$said" &&
    ! has_nul "$2.out" && ! has_nul "$2.err"; then
    text_to_log "${said%$'\n'}"
  else
    { printf -- '--- %s\n' "$1" && cat -- "$2.out" "$2.err"; } | to_log
  fi 2>>"$SCRATCH/stderr"
}

# judge_question QUESTION [ARG...]: no and cannot tell are each a fail, in the question's own words.
judge_question() {
  ask "$@"
  # a check goes on after whatever it finds
  set +e
  case $ANSWER in
    no) fail "${WHY:-not so: $*}" "$REMEDY" ;;
    unknown) fail "cannot tell: ${WHY:-$*}" "$REMEDY" ;;
  esac
  warn_besides
}

# judge_soon QUESTION [ARG...]: the same for what settles by itself.
judge_soon() {
  ask "$@"
  set +e
  case $ANSWER in
    no) not_yet "${WHY:-not so: $*}" "$REMEDY" ;;
    unknown) not_yet "cannot tell: ${WHY:-$*}" "$REMEDY" ;;
  esac
}

# pass_unless_found REASON: for the end of a check that has said warn and fail where they were due.
pass_unless_found() {
  if [[ ! -s $SCRATCH/findings ]]; then pass "$1"; fi
}
