# Checks read, and say pass, warn or fail with a reason and a remedy. One never stops its siblings; the worst word counts.

pass() { printf 'pass\t%s\t\n' "$(plain "$1")" >>"$SCRATCH/findings"; }
warn() { printf 'warn\t%s\t%s\n' "$(plain "$1")" "$(plain "${2-}")" >>"$SCRATCH/findings"; }
fail() { printf 'fail\t%s\t%s\n' "$(plain "$1")" "$(plain "${2-}")" >>"$SCRATCH/findings"; }

# pass_or_fail REASON_IF_YES REMEDY QUESTION [ARG...]: the question's own reason stands for a no; cannot tell is a fail.
pass_or_fail() {
  local good=$1 remedy=$2
  shift 2
  ask "$@"
  case $ANSWER in
    yes) pass "$good" ;;
    no) fail "${WHY:-not so: $good}" "${REMEDY:-$remedy}" ;;
    unknown) fail "cannot tell: ${WHY:-$good}" "${REMEDY:-$remedy}" ;;
  esac
}

waived() { awk -F '\t' -v step="$1" '$1 == step { print $2; found = 1 } END { exit !found }' "$BUNDLE/lib/waivers.tsv"; }

# take_check ROW NODE
take_check() {
  local id=${STEP_ID[$1]} node=$2 verdict reason remedy waiver
  : >"$SCRATCH/findings"
  set +e
  (
    close_lock
    trap - EXIT INT TERM HUP
    "${STEP_NAME[$1]}_check" ${node:+"$node"} </dev/null 2>>"$SCRATCH/stderr"
  )
  set -e
  verdict=$(worst_finding)
  if [[ $verdict == fail ]] && waiver=$(waived "$id"); then verdict=waived; fi
  while IFS=$'\t' read -r word reason remedy; do
    if [[ $word == pass && $verdict != pass ]]; then continue; fi
    note "$word  $reason"
    if [[ -n $remedy ]]; then note "      remedy: $remedy"; fi
  done <"$SCRATCH/findings"
  case $verdict in
    fail) FAILED_CHECKS+=("$id") ;;
    warn) WARNED_CHECKS+=("$id") ;;
    waived) WARNED_CHECKS+=("$id") ;;
  esac
  show_result "$verdict" "${waiver:+waived: $waiver}"
  keep_evidence "$id" "$node" "$verdict"
}

worst_finding() {
  awk -F '\t' '
    { seen[$1] = 1 }
    END { print seen["fail"] ? "fail" : seen["warn"] ? "warn" : seen["pass"] ? "pass" : "fail" }' "$SCRATCH/findings"
  if [[ ! -s $SCRATCH/findings ]]; then
    printf 'fail\tthe check gave no verdict: %s\t\n' "$(plain "$(tail --lines=1 "$SCRATCH/stderr" 2>/dev/null)")" >"$SCRATCH/findings"
  fi
}

keep_evidence() {
  local file=$STATE/evidence/${1//\//-}${2:+-$2}.tsv
  journal "$1" "$2" "$3" "$(head --lines=1 "$SCRATCH/findings" | cut --fields=2)"
  { printf 'verdict\t%s\t%s\n' "$3" "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" && cat "$SCRATCH/findings"; } >"$file.new"
  mv -- "$file.new" "$file"
}
