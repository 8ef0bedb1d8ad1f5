# The command line of a section script.

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
  ./$SCRIPT --yes                take disruptive steps as confirmed; destructive ones still ask
  ./$SCRIPT --force-gate REASON  pass a gate of order or age; the reason is journalled

exit  0 done   1 a step or a check failed   2 usage   3 refused before a step began   4 waiting for the operator   5 locked
TEXT
}

usage_error() {
  printf '%s: %s\n' "$SCRIPT" "$1" >&2
  printf 'see ./%s --help\n' "$SCRIPT" >&2
  exit 2
}

need_value() {
  [[ $# -ge 2 && -n $2 ]] || usage_error "$1 wants a value"
}

read_options() {
  MODE=run ONLY_STEP='' ONLY_NODE='' YES=no FORCE_GATE=''
  while (($# > 0)); do
    case $1 in
      --dry-run | --list | --status | --help)
        [[ $MODE == run ]] || usage_error "$1 does not go with --$MODE"
        MODE=${1#--}
        ;;
      --step)
        need_value "$@"
        ONLY_STEP=$2
        shift
        ;;
      --node)
        need_value "$@"
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
