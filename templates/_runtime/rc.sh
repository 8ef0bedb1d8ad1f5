# The clouds' credentials, for one command at a time, so that nothing else ever runs with them.

with_stackrc() { with_rc "$UNDERCLOUD_HOME/stackrc" "$@"; }

with_overcloudrc() { with_rc "$UNDERCLOUD_HOME/${STACK}rc" "$@"; }

# The rc files use variables that are not set, and print nothing.
with_rc() (
  local file=$1
  shift
  if [[ ! -r $file ]]; then
    why "no credentials: $file cannot be read" 'is this the stack user of the undercloud, and the right stack name?'
    exit 2
  fi
  set +u
  # the file is the cloud's own and is not part of the bundle
  # shellcheck source=/dev/null
  . "$file"
  set -u
  "$@"
)

# parse SYSTEM WORD...: reads JSON or XML from stdin and prints plain lines; never acts.
parse() {
  local python=python
  command -v python >/dev/null || python=python3
  "$python" "$BUNDLE/lib/parse_$1.py" "${@:2}"
}
