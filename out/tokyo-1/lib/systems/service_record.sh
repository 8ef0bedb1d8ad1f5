# Which systemd services ran on a node before its reboot, and which routers its L3 agent had built: kept on the node itself, in a file of
# root's, until they are seen again.

SERVICE_RECORD=/var/lib/osp-runbook/$CHANGE/services

# Run by root on the node. A first attempt's record is kept: after it the node may be half down.
record_services() {
  local running states found
  if [[ -e $1 ]]; then return; fi
  running=$(systemctl list-units --type=service --state=running --no-legend --no-pager | awk '{ print $1 }')
  # what starts at boot by itself; what Pacemaker starts is checked in the cluster
  # shellcheck disable=SC2086  # the names of units, one word each
  states=$(systemctl show --property=Id,UnitFileState $running)
  found=$(awk -F = '
    function close_unit() { if (state != "") print state, id; id = state = "" }
    $1 == "Id" { id = $2 }
    $1 == "UnitFileState" { state = $2 }
    $0 == "" { close_unit() }
    END { close_unit() }' <<<"$states" | starting_at_boot)
  found+=$'\n'$(systemctl list-units --state=failed --no-legend --no-pager | awk '{ for (i = 1; i <= 2; i++) if ($i ~ /\.[a-z]+$/) { print "failed " $i; next } }')
  found+=$'\n'$(built_routers)
  write_record "$1" "$(awk NF <<<"$found")"
}

# Their namespaces are the first thing that the agent makes of them, and go with a reboot.
built_routers() { ip netns list | awk '/^qrouter-[0-9a-f]/ { print "router " substr($1, 9) }'; }

# Of rows STATE UNIT. An init script has no unit file, which is called bad: whether it starts at boot, is-enabled asks chkconfig.
starting_at_boot() {
  local state unit
  while read -r state unit; do
    case $state in
      enabled | enabled-runtime | static | indirect | generated) ;;
      bad) systemctl --quiet is-enabled "$unit" </dev/null 2>/dev/null || continue ;;
      *) continue ;;
    esac
    printf 'running %s\n' "$unit"
  done
}

# Run by root on the node: what ran and does not, and what failed since, one per line; and `router ID` for each that is not built.
missing_services() {
  local record=$1 unit failed units states
  failed=$(systemctl list-units --state=failed --no-legend --no-pager | awk '{ for (i = 1; i <= 2; i++) if ($i ~ /\.[a-z]+$/) { print $i; next } }')
  for unit in $failed; do
    if ! grep --quiet --line-regexp --fixed-strings -- "failed $unit" "$record"; then printf '%s has failed\n' "$unit"; fi
  done
  { built_routers && printf '\f\n' && cat -- "$record"; } |
    awk '$0 == "\f" { before = 1; next } !before { built[$0] = 1; next } $1 == "router" && !($0 in built)'
  units=$(awk '$1 == "running" { print $2 }' "$record")
  if [[ -z $units ]]; then return; fi
  # one word a line in the order of the units; the exit status is that of any of them
  # shellcheck disable=SC2086  # the names of units, one word each
  states=$(systemctl is-active $units) || :
  paste -d ' ' <(printf '%s\n' "$units") <(printf '%s\n' "$states") | awk '$2 != "active" && $2 != "reloading" { print $1 " is not running" }'
}

# Run by root on the node.
has_record() { if [[ -e $1 ]]; then printf 'yes\n'; else printf 'no\n'; fi; }
drop_record() { rm --force -- "$1"; }

# no_service_record NODE: no services there are waiting to be checked after a reboot by this change.
no_service_record() {
  local word
  hear_root_on "$1" has_record "$SERVICE_RECORD" || return 2
  word=$SAID
  why "the services that ran on $1 before its reboot have not been checked yet"
  [[ $word == no ]] || return 1
  why 'no service check is pending there'
}

# services_are_back NODE: none of its services has failed since, and all that ran before its reboot run again. An L3 agent lives long before it
# has built its routers again, and until then none of them can fail over to it.
services_are_back() {
  local line missing='' routers='' unit
  hear_root_on "$1" missing_services "$SERVICE_RECORD" || return 2
  while IFS= read -r line; do
    case $line in
      'router '*) routers+=" ${line#router }" ;;
      ?*) missing+=${missing:+$'\n'}$line ;;
    esac
  done <<<"$SAID"
  if [[ -z $missing ]]; then
    # (ids, one word each)
    # shellcheck disable=SC2086
    find_routers_to_come "$1" $routers || return 2
    missing=$SAID
  fi
  quote_into unit "${missing%% *}"
  why "on $1: ${missing//$'\n'/, }" "on $1: sudo systemctl status $unit"
  [[ -z $missing ]]
}

# find_routers_to_come NODE ROUTER...: sets SAID: what the L3 agent there has yet to do; nothing where all of them have been deleted, or taken off
# it, since. The first that is still its own settles it: with hundreds to come neutron is asked once.
find_routers_to_come() {
  local node=$1 router
  shift
  for router in "$@"; do
    find_agents_of_router "$router" || return 2
    parsed routers hosted "$node" <<<"$SAID" || return 2
    if [[ $SAID == yes ]]; then
      SAID="neutron-l3-agent has yet to build $# routers, $router among them"
      return 0
    fi
  done
  SAID=''
}
