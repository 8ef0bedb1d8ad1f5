# The services that nova, neutron and cinder list, and the nodes that ironic lists.
#
# A judge reads the parsed rows on stdin and says warn and fail; an empty list is a fail, since a healthy cloud has none.

# list_rows WORD COMMAND...: the rows of a client's list in JSON; what went wrong is in $SCRATCH/list.err.
list_rows() {
  local word=$1 answer
  shift
  answer=$("$@" 2>"$SCRATCH/list.err") || return 2
  parse services "$word" <<<"$answer" 2>>"$SCRATCH/list.err" || return 2
}

# list_servers WORD [ARG...]: the undercloud's servers beside the nodes of the spec.
list_servers() {
  local answer
  hear_undercloud openstack server list --limit -1 -f json 2>"$SCRATCH/list.err" || return 2
  answer=$SAID
  parse services "$1" "$COPY/lib/nodes.tsv" "${@:2}" <<<"$answer" 2>>"$SCRATCH/list.err" || return 2
}

# judge_list JUDGE WHAT WORD COMMAND...
judge_list() {
  local judge=$1 what=$2 rows credentials
  shift 2
  credentials=$(rc_of "$2")
  if ! rows=$(list_rows "$@"); then
    fail "cannot list $what: $(last_words "$SCRATCH/list.err" 'an error')" "$(by_hand "${@:2}")"
    return
  fi
  text_to_log "--- $what"$'\n'"$rows"
  if [[ -z $rows ]]; then
    fail "the list of $what is empty" "$(by_hand "${@:2}")"
    return
  fi
  "$judge" <<<"$rows"
}

# judge_list_unless QUESTION JUDGE WHAT WORD COMMAND...: the same, of a service that a site may lack. If there is no row, QUESTION says
# whether the site lacks it; its arguments are `empty` or `silent` (the client fails), the reason and the remedy.
judge_list_unless() {
  local question=$1 judge=$2 what=$3 rows how=empty words credentials
  shift 3
  credentials=$(rc_of "$2")
  words="the list of $what is empty"
  if ! rows=$(list_rows "$@"); then
    rows='' how=silent words="cannot list $what: $(last_words "$SCRATCH/list.err" 'an error')"
  fi
  text_to_log "--- $what"$'\n'"$rows"
  if [[ -n $rows ]]; then
    "$judge" <<<"$rows"
    return
  fi
  ask "$question" "$how" "$words" "$(by_hand "${@:2}")"
  # a check continues whatever it finds
  set +e
  if [[ $ANSWER == yes ]]; then
    pass "no $what: ${WHY:-the spec says that this site has none}"
  else
    fail "${WHY:-$words}" "$REMEDY"
  fi
}

# rc_of with_stackrc|with_overcloudrc: the word of a remedy for the same credentials; a judge has that of its list in `credentials`.
rc_of() { if [[ $1 == with_overcloudrc ]]; then printf rc; else printf stackrc; fi; }

# by_hand with_stackrc|with_overcloudrc COMMAND...: a remedy
by_hand() { printf 'by hand ;; %s: %s' "$(rc_of "$1")" "${*:2}"; }

# how_to_revive agent|compute|volume HOST [BINARY]: what to do about one that is down. Of a host that the spec does not have only its row is
# left, and no time brings it up; the undercloud's own are on no node.
how_to_revive() {
  local host binary
  quote_into host "$2"
  quote_into binary "${3-}"
  if [[ $credentials != stackrc && ${2%%[@.]*} != hostgroup ]] && ! is_host_of_spec "${2%%@*}"; then
    case $1 in
      agent) printf '%s' "the spec has no such host: if it is gone for good, delete what neutron has of it ;; rc: for id in \$(neutron agent-list --host $host -f value -c id); do neutron agent-delete \$id; done" ;;
      compute) printf '%s' "the spec has no such host: if it is gone for good, delete what nova has of it ;; rc: for id in \$(openstack compute service list --host $host -f value -c ID); do openstack compute service delete \$id; done" ;;
      volume) printf '%s' "the spec has no such host: if it is gone for good, delete what cinder has of it ;; on controller: sudo cinder-manage service remove $binary $host" ;;
    esac
    return
  fi
  case $1 in
    agent) printf '%s' "on $host: sudo systemctl status 'neutron-*'" ;;
    compute) printf '%s' "on $host: sudo systemctl status 'openstack-nova-*'" ;;
    volume) printf '%s' "look into its log on that node; if it was moved to another host name, as hostgroup, the second deletes the row that is left ;; on controller: sudo pcs status ;; on controller: sudo cinder-manage service remove $binary $host" ;;
  esac
}

# how_to_enable HOST: what to do about a nova-compute that this change has disabled. Of a host that is out of the spec by now it enables none.
how_to_enable() {
  local credentials=rc gone host
  if is_host_of_spec "$1"; then
    printf 'run %s again; it enables what it disabled' "$(section_named reboot-computes)"
  else
    quote_into host "$1"
    gone=$(how_to_revive compute "$1")
    printf '%s' "if it serves again ;; rc: openstack compute service set $host nova-compute --enable ;; $gone"
  fi
}

# judge_dead_services: for the first day: what is enabled, and was not up before this change began. The checks after the reboots would wait for it.
judge_dead_services() {
  local word host binary status state credentials=rc
  if ! find_all_services; then
    read_why
    warn "cannot tell which services of the overcloud are up: ${WHY:-it does not answer}" "$REMEDY"
    return
  fi
  while IFS=$'\t' read -r word host binary status state _; do
    case $word in
      agent) if [[ $status != True && $state == UP ]]; then fail "$host: the $binary is not alive" "$(how_to_revive agent "$host")"; fi ;;
      service)
        if [[ $state == up || $status != enabled ]]; then continue; fi
        if [[ $binary == cinder-* ]]; then word=volume; else word=compute; fi
        fail "$host: $binary is $state" "$(how_to_revive "$word" "$host" "$binary")"
        ;;
    esac
  done <<<"$SAID"
}

judge_agents() {
  local host kind alive wanted
  while IFS=$'\t' read -r host kind alive wanted; do
    if [[ $alive != True ]]; then not_yet "$host: the $kind is not alive" "$(how_to_revive agent "$host")"; fi
    if [[ $wanted != UP ]]; then fail "$host: the $kind is set $wanted" "set it up by its id, with neutron agent-update --admin-state-up True ;; $credentials: openstack network agent list"; fi
  done
}

# judge_compute_services: one that its owner disabled before this change is a warning with the reason; one that this change left disabled is a fail.
judge_compute_services() {
  local host binary status state reason
  while IFS=$'\t' read -r host binary status state reason; do
    if [[ $state != up ]]; then not_yet "$host: $binary is $state" "$(how_to_revive compute "$host")"; fi
    if [[ $status == enabled ]]; then continue; fi
    if [[ $reason == "$CHANGE:"* ]]; then
      fail "$host: $binary is still disabled by this change ($reason)" "$(how_to_enable "$host")"
    elif [[ $binary == nova-compute ]]; then
      warn "$host: $binary is $status; its owner's reason: $reason" 'ask its owner before chapter 3'
    else
      fail "$host: $binary is $status; the reason given: $reason" "$credentials: openstack compute service set $(quoted "$host") $(quoted "$binary") --enable"
    fi
  done
}

judge_volume_services() {
  local host binary status state reason
  while IFS=$'\t' read -r host binary status state reason; do
    if [[ $status != enabled && $binary =~ ^cinder-(volume|backup)$ ]]; then
      warn "$host: $binary is $status; its owner's reason: $reason" 'ask its owner before chapter 3'
      continue
    fi
    if [[ $state != up ]]; then not_yet "$host: $binary is $state" "$(how_to_revive volume "$host" "$binary")"; fi
    if [[ $status != enabled ]]; then
      fail "$host: $binary is $status; the reason given: $reason" "$credentials: cinder service-enable $(quoted "$host") $(quoted "$binary")"
    fi
  done
}

# judge_baremetal: the nodes that carry a server of the spec; SERVERS has the id and the name of each. Spares are off by design, and servers that are
# not of this stack are their owner's.
judge_baremetal() {
  local name instance power maintenance provisioning
  local carried=''
  while IFS=$'\t' read -r name instance power maintenance provisioning; do
    if [[ $instance == - || $'\n'$SERVERS != *$'\n'"$instance"$'\t'* ]]; then continue; fi
    carried+=$instance$'\n'
    # ironic says nothing of it until it has asked the machine, a minute or more after its own start
    if [[ $power == - ]]; then
      not_yet "$name: its power state is not known" "see that its BMC answers ;; stackrc: openstack baremetal node show $(quoted "$name")"
    elif [[ $power != 'power on' ]]; then
      fail "$name: its power state is $power" "stackrc: openstack baremetal node power on $(quoted "$name")"
    fi
    if [[ $maintenance != False ]]; then fail "$name: it is in maintenance" "stackrc: openstack baremetal node maintenance unset $(quoted "$name")"; fi
    if [[ $provisioning != active ]]; then warn "$name: its provisioning state is $provisioning" "stackrc: openstack baremetal node show $(quoted "$name")"; fi
  done
  while IFS=$'\t' read -r instance name; do
    if [[ $instance == - ]]; then
      fail "the undercloud has no server $name" 'if it did not deploy it, set deployed_server: true in the spec ;; stackrc: openstack server list'
    elif ! has_line "$instance" "$carried"; then
      fail "no Ironic node has the server $name" \
        'if this undercloud did not deploy it, set deployed_server: true in the spec ;; stackrc: openstack baremetal node list'
    fi
  done <<<"$SERVERS"
}

# rows_of_compute NODE: nova's name of a node is its full name; the rows of nova-compute whose host is the node's name, or begins with it
# and a dot. Exactly one is as it should be: a wrong host looks like an empty node.
rows_of_compute() {
  awk -F '\t' -v node="${1,,}" '$2 == "nova-compute" && (tolower($1) == node || index(tolower($1), node ".") == 1)'
}
