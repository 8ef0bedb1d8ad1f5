# Systemd units. What is read: `systemctl list-units --state=failed --no-legend`, which ends with 0 whether or not any failed.

# Run by root: list_failed_units UNIT...: of these, then `others` and all of them.
list_failed_units() {
  systemctl list-units --state=failed --no-legend "$@"
  printf 'others\n'
  systemctl list-units --state=failed --no-legend
}

# Names alone: a failed unit's line begins with a mark in some versions.
failed_units() { awk '{ for (i = 1; i <= 2; i++) if ($i ~ /\.[a-z]+$/) { print $i; next } }'; }

# judge_units NODE: the guide's units are a fail; of others that failed we only tell. The line `others` parts the two lists.
judge_units() {
  local answer named others
  answer=$(cat)
  if ! has_line others "$answer"; then
    fail "$1: which units failed cannot be told" "on $1: sudo systemctl list-units --state=failed"
    return
  fi
  named=$(sed '/^others$/,$d' <<<"$answer" | failed_units | sort --unique)
  others=$(sed '1,/^others$/d' <<<"$answer" | failed_units | sort --unique | comm -13 <(printf '%s\n' "$named") -)
  if [[ -n $named ]]; then fail "$1: failed: ${named//$'\n'/, }" "on $1: sudo systemctl status ${named//$'\n'/ }"; fi
  if [[ -n $others ]]; then
    warn "$1: failed, not a service of OpenStack: ${others//$'\n'/, }" "on $1: sudo systemctl status ${others//$'\n'/ }"
  fi
}
