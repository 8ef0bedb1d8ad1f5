other_logins_check() {
  judge_undercloud judge_other_logins list_sessions
  judge_nodes all judge_other_logins list_sessions
  pass_unless_found 'nobody else is logged in'
}

list_sessions() { who; }

# The panes of a terminal multiplexer do not count as sessions; on the undercloud one session is ours.
judge_other_logins() {
  local sessions
  sessions=$(awk '$NF !~ /^\((tmux|:)/ { print $1, $2, $NF }')
  if [[ $1 == undercloud && $(awk 'NF' <<<"$sessions" | awk 'END { print NR }') -le 1 ]]; then return; fi
  if [[ -n $sessions ]]; then warn "$1: logged in: ${sessions//$'\n'/, }" 'tell them what is about to happen'; fi
}
