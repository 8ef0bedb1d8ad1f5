# What people see. Colours and redrawn lines only on a terminal; NO_COLOR is obeyed; all else is plain lines.

screen_open() {
  BOLD='' DIM='' RED='' YELLOW='' GREEN='' PLAIN='' REDRAW=no
  if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
    REDRAW=yes
    if [[ -z ${NO_COLOR:-} ]]; then
      BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' YELLOW=$'\e[33m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
    fi
  fi
}

say() { printf '%s\n' "$*"; }

# Indented under the line of the step it belongs to.
note() { printf '        %s\n' "$*"; }

complain() { printf '        %s%s%s\n' "$RED" "$*" "$PLAIN" >&2; }

# plain TEXT...: control characters out, so that nothing a tool printed can draw on the operator's terminal or break a table.
plain() { printf '%s' "$*" | tr --delete '\000-\010\013-\037\177' | tr '\t\n' '  '; }

# 4 s, 3 m 12 s, 1 h 02 m
duration() {
  local -i seconds=$1
  if ((seconds < 60)); then
    printf '%d s' "$seconds"
  elif ((seconds < 3600)); then
    printf '%d m %02d s' $((seconds / 60)) $((seconds % 60))
  else
    printf '%d h %02d m' $((seconds / 3600)) $((seconds % 3600 / 60))
  fi
}

elapsed() {
  local now
  now=$(date +%s)
  duration $((now - RUN_STARTED))
}

# [3/12] 2.08/3  Reboot a Ceph Storage node  overcloud-cephstorage-0
show_step() {
  printf '%s[%d/%d]%s %s%s  %s%s%s\n' "$DIM" "$STEP_AT" "$STEP_COUNT" "$PLAIN" "$BOLD" "${STEP_ID[$1]}" "${STEP_TITLE[$1]}" \
    "$PLAIN" "${2:+  $2}"
}

# show_result WORD [DETAIL]
show_result() {
  local colour=$GREEN
  case $1 in
    warn | skipped | 'would run' | waived) colour=$YELLOW ;;
    failed | fail | refused | waiting) colour=$RED ;;
  esac
  printf '        %s%s%s%s  %s(%s)%s\n' "$colour" "$1" "$PLAIN" "${2:+: $2}" "$DIM" "$(elapsed)" "$PLAIN"
}
