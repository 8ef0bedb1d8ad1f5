# The undercloud's heat and ironic: what they are doing now.

# heat_is_idle: no stack of the undercloud is being worked on.
heat_is_idle() {
  local busy
  hear_undercloud openstack stack list --format json || return 2
  parsed heat busy <<<"$SAID" || return 2
  busy=$SAID
  why "heat is busy: ${busy//$'\n'/, }" 'wait for it ;; stackrc: openstack stack list'
  [[ -z $busy ]]
}

# find_stack_fact WORD: sets SAID: one fact of the overcloud's stack: status, update_identifier (empty where there never was an update).
find_stack_fact() {
  kept stack fetch_stack || return
  find_value "$1" "$SAID"
}
fetch_stack() {
  hear_undercloud openstack stack show "$STACK" --format json || {
    why "the stack $STACK cannot be read: $(said_last)" "stackrc: openstack stack show $STACK"
    return 2
  }
  parsed heat stack <<<"$SAID"
}

# stack_has ID: it is a resource of the stack or of one nested in it.
stack_has() {
  kept resources fetch_resources || return 2
  why "the stack $STACK has no resource $1"
  [[ $'\n'$SAID == *$'\n'"$1 "* ]]
}

# find_roles: sets SAID: `ID ROLE` of every resource of the stack, - where it has no role or the role is unknown.
find_roles() { kept resources fetch_resources; }
fetch_resources() {
  hear_undercloud openstack stack resource list --nested-depth 7 --format json "$STACK" || {
    why "the resources of the stack $STACK cannot be listed: $(said_last)" "stackrc: openstack stack resource list --nested-depth 7 $STACK"
    return 2
  }
  parsed heat resources "$STACK" <<<"$SAID" || return 2
  why "the stack $STACK shows no resource at all" "stackrc: openstack stack resource list --nested-depth 7 $STACK"
  [[ -n $SAID ]] || return 2
}

stack_is_complete() {
  local status
  find_stack_fact status || return 2
  status=$SAID
  why "the stack $STACK is $status" "stackrc: openstack stack failures list $STACK"
  [[ $status == *_COMPLETE ]]
}

# breakpoints_waiting: the breakpoints that wait in the stack, one per line.
breakpoints_waiting() {
  local hooks
  hear_undercloud openstack stack hook poll --nested-depth 5 --format json "$STACK" || return 2
  hooks=$SAID
  parse heat hooks <<<"$hooks"
}

# no_node_is_deploying: no bare metal node is between two states.
no_node_is_deploying() {
  local busy
  hear_undercloud openstack baremetal node list --format json || return 2
  parsed ironic busy <<<"$SAID" || return 2
  busy=$SAID
  why "bare metal nodes are busy: ${busy//$'\n'/, }" 'wait for it ;; stackrc: openstack baremetal node list'
  [[ -z $busy ]]
}

undercloud_lists_stack() {
  local status
  find_stack_fact status || return 2
  status=$SAID
  why "heat answers, and the stack $STACK is ${status:-without a status}"
  [[ -n $status ]]
}
