# The command line of a section script.

MODE=run ONLY_STEP='' ONLY_NODE='' YES=no FORCE_GATE=''

usage() {
  cat <<TEXT
$SECTION  $SECTION_TITLE
site $SITE_NAME, change $CHANGE

  ./$SCRIPT                      do what is not done yet; safe to run again at any time
  ./$SCRIPT --dry-run            say what would be done; changes nothing
  ./$SCRIPT --list               the steps
  ./$SCRIPT --status             which steps the site shows as done; changes nothing
  ./$SCRIPT --step ID            this step alone; the steps before it must be done
  ./$SCRIPT --node NAME          this node alone, with the section's set-up and tear-down
  ./$SCRIPT --yes                do not ask before disruptive steps; destructive steps still ask
  ./$SCRIPT --force-gate REASON  override an ordering or age check; the reason is recorded in the journal

exit  0 done   1 a step or a check failed   2 usage   3 refused before a step began   4 waiting for the operator   5 locked
      130 Ctrl-C   143 SIGTERM   129 the terminal or the screen is gone
TEXT
}

usage_error() {
  printf '%s: %s\n' "$SCRIPT" "$1" >&2
  printf 'see ./%s --help\n' "$SCRIPT" >&2
  exit 2
}

# need_value OPTION [VALUE]: a value that looks like the next option is a forgotten one.
need_value() {
  if [[ $# -lt 2 || -z ${2//[[:blank:]]/} || $2 == --* ]]; then usage_error "$1 requires a value"; fi
}

read_options() {
  while (($# > 0)); do
    case $1 in
      --step=* | --node=* | --force-gate=*)
        set -- "${1%%=*}" "${1#*=}" "${@:2}"
        continue
        ;;
      --dry-run | --list | --status | --help | -h) read_mode "$1" ;;
      --step)
        need_value "$@"
        once "$1" "$ONLY_STEP"
        ONLY_STEP=$2
        shift
        ;;
      --node)
        need_value "$@"
        once "$1" "$ONLY_NODE"
        ONLY_NODE=$2
        shift
        ;;
      --force-gate)
        need_value "$@"
        FORCE_GATE=$2
        shift
        ;;
      --yes) YES=yes ;;
      *) usage_error "unknown option: $(plain "$1")" ;;
    esac
    shift
  done
}

read_mode() {
  local mode=${1#--}
  if [[ $mode == -h ]]; then mode=help; fi
  if [[ $MODE != run && $MODE != "$mode" ]]; then usage_error "--$mode does not go with --$MODE"; fi
  MODE=$mode
}

once() {
  if [[ -n $2 ]]; then usage_error "$1 is given twice"; fi
}
