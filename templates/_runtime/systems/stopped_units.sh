# systemd units of the undercloud that this change stopped. The list is kept by root before they are stopped.

# Run by root: the services among the patterns that run. A unit that has done its work and still counts as active (exited), as
# neutron-ovs-cleanup of the boot, is not started again under agents that run: it would take their ports away.
active_services() { systemctl list-units --no-legend --no-pager --full --state=running "$@" | awk '$1 ~ /\.service$/ { print $1 }'; }

services_active_now() { as_root active_services "$@" || return 2; }

# idle_units UNIT...: those that are not active now, one per line.
idle_units() {
  local states status=0
  # its status is that of the units; what counts is a word for each of them
  states=$(systemctl is-active "$@") || status=$?
  paste --delimiters=' ' <(printf '%s\n' "$@") <(printf '%s\n' "$states") | awk '
    NF != 2 { bad = 1 }
    $2 != "active" { print $1 }
    END { exit bad }' || {
    why "systemctl does not say whether the units are active ($status)" 'systemctl status'
    return 2
  }
}

claims_of_units() { find_record "stopped-units-$1" || return 2; }

claimed_units() {
  claims_of_units "$1" || return 2
  [[ -n $SAID ]]
}

# claim units NAME PATTERN...: what is active among the patterns; an earlier list of this change stays.
claim_units() {
  local name=$1 units
  shift
  answer claimed_units "$name"
  if [[ $ANSWER == yes ]]; then return; fi
  units=$(services_active_now "$@")
  if [[ -z $units ]]; then
    complain "none of $* is active: there is nothing to stop"
    exit 1
  fi
  keep_record "stopped-units-$name" "$units"
}

release_units() { forget_record "stopped-units-$1"; }

# claimed_units_active NAME: every unit on the list runs again.
claimed_units_active() {
  local units idle
  local -a list
  claims_of_units "$1" || return 2
  units=$SAID
  if [[ -z $units ]]; then return 0; fi
  read -r -d '' -a list <<<"$units" || :
  idle=$(idle_units "${list[@]}") || return 2
  why "not active: ${idle//$'\n'/, }" "sudo systemctl start ${idle//$'\n'/ }"
  [[ -z $idle ]]
}

# claimed_units_stopped NAME: none of the units on the list runs.
claimed_units_stopped() {
  local units active
  local -a list
  claims_of_units "$1" || return 2
  units=$SAID
  why 'no service is on record as stopped'
  [[ -n $units ]] || return 1
  read -r -d '' -a list <<<"$units" || :
  active=$(services_active_now "${list[@]}") || return 2
  why "still active: ${active//$'\n'/, }"
  [[ -z $active ]] || return 1
  why "$(awk 'END { print NR }' <<<"$units") services stopped, on record in $RECORDS"
}

# start_claimed_units NAME: those that do not run yet.
start_claimed_units() {
  local units idle
  local -a list
  units=$(record "stopped-units-$1")
  if [[ -z $units ]]; then give_up "no service is on record as stopped: $RECORDS/stopped-units-$1"; fi
  read -r -d '' -a list <<<"$units" || :
  idle=$(idle_units "${list[@]}")
  if [[ -z $idle ]]; then return; fi
  read -r -d '' -a list <<<"$idle" || :
  in_time sudo systemctl start "${list[@]}"
}
