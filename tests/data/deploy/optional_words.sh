while getopts "dp" option; do
  case $option in
    d) DEBUG="--debug" ;;
    p) PLAN="--update-plan-only" ;;
  esac
done
openstack overcloud deploy --templates $DEBUG $PLAN -e /t/a.yaml
