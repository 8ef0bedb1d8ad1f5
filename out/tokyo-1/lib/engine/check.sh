# Checks only read: they say pass, warn or fail with a reason and a remedy. None stops the next; the worst verdict counts.

# pass, warn or fail REASON [REMEDY [LINE...]]: what a check has found, and what to do about it; the LINEs are for site.yaml.
pass() { finding pass "$@"; }
warn() { finding warn "$@"; }
fail() { finding fail "$@"; }

# finding WORD REASON [REMEDY [LINE...]]: if it cannot be written, the check ends without a verdict. LINE: for site.yaml, see spec_lines.sh.
finding() {
  local reason remedy line lines=''
  plain_into reason "$2"
  plain_into remedy "${3-}"
  remedy_into remedy "$remedy"
  for line in "${@:4}"; do
    plain_into line "$line"
    lines+=$'\t'$line
  done
  # (the remedy before the lines is never empty: read takes two tabs for one)
  if [[ -n $lines ]]; then remedy=${remedy:--}; fi
  printf '%s\t%s\t%s%s\n' "$1" "${reason:-no reason given}" "$remedy" "$lines" >>"$SCRATCH/findings" || exit 2
}

# not_yet REASON [REMEDY]: a fail of the kind that time may cure; within `settle` it is waited for.
not_yet() { finding "${UNSETTLED:-fail}" "$@"; }

# tell TEXT: a line for people, beside the verdicts; it goes to the log too.
tell() {
  note "$1"
  text_to_log "$1"
}

# last_words FILE STATUS: what a command said last, or how it ended.
last_words() {
  local words
  words=$(tail --lines=1 -- "$1" 2>>"$SCRATCH/stderr")
  printf '%s' "${words:-ended with $2}"
}

# pass_or_fail REASON_IF_YES REMEDY QUESTION [ARG...]: a no fails with the question's own reason; cannot tell fails too.
pass_or_fail() {
  local good=$1 remedy=$2
  shift 2
  ask "$@"
  case $ANSWER in
    yes)
      pass "$good"
      warn_besides
      ;;
    no) fail "${WHY:-not so: $good}" "${REMEDY:-$remedy}" ;;
    unknown) fail "cannot tell: ${WHY:-$good}" "${REMEDY:-$remedy}" ;;
  esac
}

# warn_besides: warns of what the last question noted with `besides`.
warn_besides() {
  local reason remedy
  while IFS=$'\t' read -r reason remedy; do
    warn "$reason" "$remedy"
  done <"$SCRATCH/besides"
}

waived() { awk -F '\t' -v step="$1" '$1 == step { print $2; found = 1 } END { exit !found }' "$COPY/lib/waivers.tsv"; }

# examine ROW NODE
examine() {
  local id=${STEP_ID[$1]} node=$2 verdict=pass waiver='' detail='' word
  DOING=checking
  look_at "${STEP_NAME[$1]}_check" "$node"
  while IFS=$'\t' read -r word _; do
    if [[ $word == fail || ($word == warn && $verdict == pass) ]]; then verdict=$word; fi
  done <"$SCRATCH/findings"
  if [[ $verdict == fail ]] && waiver=$(waived "$id"); then verdict=waived; fi
  # a reason that is the only one is printed once, on the line of the result
  if is_lone_pass; then
    detail=$SAID
  else
    show_findings "$verdict"
  fi
  # (a check of each node would replace the lines of the node before)
  if [[ -z $node ]]; then keep_spec_lines "$id"; fi
  case $verdict in
    fail) FAILED_CHECKS+=("$id${node:+ $node}") ;;
    warn | waived) WARNED+=("$id${node:+ $node}") ;;
  esac
  show_result "$verdict" "${waiver:+waived: $waiver}$detail"
  keep_evidence "$id" "$node" "$verdict"
}

# A check that stops half-way has not looked at everything: it fails, whatever it said.
look_at() {
  : >"$SCRATCH/findings"
  rm --force -- "$SCRATCH/checked"
  set +e
  (
    new_moment
    close_lock
    trap - EXIT INT TERM HUP QUIT PIPE
    "$1" ${2:+"$2"} </dev/null 2>>"$SCRATCH/stderr"
    : >"$SCRATCH/checked"
  )
  set -e
  if [[ ! -e $SCRATCH/checked ]]; then
    fail "the check stopped before it finished: $(tail --lines=1 -- "$SCRATCH/stderr" 2>/dev/null)"
  elif [[ ! -s $SCRATCH/findings ]]; then
    fail "the check gave no result: $(tail --lines=1 -- "$SCRATCH/stderr" 2>/dev/null)"
  fi
}

# is_lone_pass: the check has found one thing, which is well and needs nothing; sets SAID to it.
is_lone_pass() {
  local -a rows
  mapfile -t -n 2 rows <"$SCRATCH/findings"
  if ((${#rows[@]} != 1)) || [[ ! ${rows[0]} =~ ^pass$'\t'([^$'\t']*)$'\t'$ ]]; then return 1; fi
  SAID=${BASH_REMATCH[1]}
}

# Unless all is well, passes are not shown: the evidence has them.
show_findings() {
  local word reason remedy lines
  while IFS=$'\t' read -r word reason remedy lines; do
    if [[ $word == pass && $1 != pass ]]; then continue; fi
    note "$word  $reason"
    if [[ -n $remedy ]]; then note "      remedy: $remedy"; fi
    show_spec_lines "$lines"
    if [[ $word == fail ]]; then tell_cure_of_finding "$reason" "$remedy"; fi
  done <"$SCRATCH/findings"
}

tell_cure_of_finding() {
  local node
  node_into node "$1"
  look_up_cure "$node" "$1"
  if [[ -z $CURE_ID || ($CURE_RANK == general && -n $2) ]]; then return 0; fi
  note "      cause: $CAUSE"
  say_cure '      '
}

# keep_evidence ID NODE VERDICT: the findings for the ticket; the run stops if they cannot be kept.
keep_evidence() {
  local file=$STATE/evidence/${1//\//-}${2:+-$2}.tsv now word text reason=''
  time_into now %Y-%m-%dT%H:%M:%SZ
  while IFS=$'\t' read -r word text _; do
    if [[ $word == "${3/waived/fail}" && -z $reason ]]; then reason=$text; fi
  done <"$SCRATCH/findings"
  journal "$1" "$2" "$3" "$reason"
  if write_evidence "$3" "$now" "$file"; then return 0; fi
  stop 1 failed "the evidence of $1 cannot be kept: $file" "make room: df -h $(quoted "$STATE")"
}

# write_evidence VERDICT TIME FILE
write_evidence() {
  local findings
  findings=$(<"$SCRATCH/findings") || return
  printf -v findings 'verdict\t%s\t%s\n%s' "$1" "$2" "$findings"
  replace_file "$3" <<<"$findings" 2>>"$SCRATCH/stderr"
}
