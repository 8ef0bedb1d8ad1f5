# The clouds' credentials, for one command at a time, so that nothing else ever runs with them.

# with_stackrc COMMAND...: a client's command for the undercloud.
with_stackrc() { with_rc "$UNDERCLOUD_HOME/stackrc" "$@"; }

# with_overcloudrc COMMAND...: a client's command for the overcloud.
with_overcloudrc() { with_rc "$UNDERCLOUD_HOME/${STACK}rc" "$@"; }

# The operator's own credentials may be in the environment: they are removed first. Of an rc file only the variables are taken: it may use
# some that are not set, end with any status, print a greeting and, if it is from the dashboard, ask for a password.
with_rc() (
  local file=$1 options=$-
  shift
  rc_is_there "$file" || exit
  take_rc "$file"
  # a failure ends an apply; in a question it gives the reason, unless the question gives its own
  if [[ $options == *e* ]]; then
    set -e
    if only_reads "$@"; then "${ANSWER_LIMIT[@]}" "$@"; else within_limit "$@"; fi
  else
    within_limit "$@" || no_answer_of_client "$?" "${COMMAND_LIMIT[2]}" "$file" "$@"
  fi
)

# only_reads CLIENT WORD...: it lists or shows, so that nothing is lost if it is ended: it has a limit in an apply too.
only_reads() {
  local word
  [[ $1 == openstack ]] || return 1
  for word in "${@:2}"; do
    case $word in
      list | show) return 0 ;;
      -* | configure | create | delete | deploy | migrate | resize | save | set | start | stop | unset | update | upload) return 1 ;;
    esac
  done
  return 1
}

take_rc() {
  local name
  for name in "${!OS_@}"; do unset "$name"; done
  # a trace of the run, `bash -x`, must not show secrets
  set +eux
  # the file is the cloud's own and is not part of the bundle
  # shellcheck source=/dev/null
  . "$1" </dev/null >/dev/null
  set -u
}

rc_is_there() {
  [[ -f $1 && -r $1 ]] || {
    why "no credentials: $1 cannot be read" 'is this the stack user of the undercloud, and the right stack name?'
    return 2
  }
}

# hear_rc FILE CLIENT [ARG...]: for questions: what the client prints is in SAID. It replaces the shell that has the credentials.
hear_rc() {
  rc_is_there "$1" || return
  SAID=$(
    take_rc "$1"
    exec "${ANSWER_LIMIT[@]}" "${@:2}"
  ) || no_answer_of_client "$?" "${ANSWER_LIMIT[2]}" "$@" || return
  heard_enough "${@:2}"
}
hear_undercloud() { hear_rc "$UNDERCLOUD_HOME/stackrc" "$@"; }
hear_overcloud() { hear_rc "$UNDERCLOUD_HOME/${STACK}rc" "$@"; }

# within_limit COMMAND [ARG...]: functions have limits of their own.
within_limit() {
  if declare -F "$1" >/dev/null; then
    "$@"
  else
    "${COMMAND_LIMIT[@]}" "$@"
  fi
}

# no_answer_of_client STATUS SECONDS FILE CLIENT [ARG...]
no_answer_of_client() {
  if [[ $1 == 124 ]]; then
    why_at_last "${*:4}: no answer within $2 s" "does it answer by hand? . $3; ${*:4}"
    return 2
  fi
  why "${*:4}: $(said_last)" "by hand: . $3; ${*:4}"
  return "$1"
}

# parse SYSTEM WORD...: reads JSON or XML from stdin and prints plain lines; never acts.
parse() {
  local python
  python_into python
  # without installed packages it starts faster, and none can replace the standard library
  "$python" -S "$COPY/lib/parse/$1.py" "${@:2}"
}

# parsed SYSTEM WORD...: the same into SAID.
parsed() {
  local python
  python_into python
  SAID=$(exec "$python" -S "$COPY/lib/parse/$1.py" "${@:2}") || {
    why "what $1 says cannot be read: $(said_last)" 'look at what answers so; nothing was done with it'
    return 2
  }
}
