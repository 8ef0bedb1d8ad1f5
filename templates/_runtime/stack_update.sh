# The package update of the overcloud: whether it is done, whose it is, and the conversation with its client.

# update_is_done: heat ended the update that began after our plan, and each node carries its mark and has nothing newer on offer. A stack
# that is COMPLETE proves nothing: it was that before.
update_is_done() {
  local began status identifier
  began=$(plan_began) || return
  find_stack_fact status || return 2
  status=$SAID
  find_stack_fact update_identifier || return 2
  identifier=$SAID
  why "the stack is $status" "openstack stack failures list $STACK"
  [[ $status == *_COMPLETE ]] || return 1
  why "the last package update of the stack is older than this change's plan (${identifier:-there never was one})"
  [[ -n $identifier ]] || return 1
  numbers identifier began || return 2
  ((identifier >= began)) || return 1
  every_node_updated "$identifier"
}

# every_node_updated IDENTIFIER
every_node_updated() {
  local node facts status begun=$1
  numbers begun || return 2
  time_into begun '%F %TZ' "$begun"
  gather all update_facts_on "$1"
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" all; then continue; fi
    find_gathered "$node" || return 2
    facts=$SAID
    find_gathered_status "$node" || return 2
    status=$SAID
    if [[ $status != 0 ]]; then
      why "$node cannot be asked whether it was updated" './runbook trust, and look at the node'
      return 2
    fi
    why "$node has no mark of the update $1 (begun $begun)" "$node was not updated: run this section again"
    has_line 'mark yes' "$facts" || return 1
    find_fact yum "$facts" || return 2
    status=$SAID
    says_up_to_date "$node" "$status" "$(grep --invert-match '^\(mark\|yum\) ' <<<"$facts")" || return
  done
  why "the update begun $begun has reached every node"
}

update_facts_on() { as_root_on "$1" update_facts "$2"; }

# Run by root on the node.
update_facts() {
  local status=0
  if [[ -e /var/lib/overcloud-yum-update/$1 ]]; then printf 'mark yes\n'; else printf 'mark no\n'; fi
  yum --quiet check-update || status=$?
  printf 'yum %d\n' "$status"
}

# update_may_begin_or_go_on: nothing runs; or what runs is a package update that began after our plan. The client attaches to any update
# of the stack, also to a colleague's deployment, and would report that one's end as ours.
update_may_begin_or_go_on() {
  local status
  find_stack_fact status || return 2
  status=$SAID
  case $status in
    *_IN_PROGRESS) running_update_is_ours ;;
    *) heat_is_idle ;;
  esac
}

# update_since BEGAN STATUS NOT_SO REMEDY: the stack is in it by an update that began since then; NOT_SO ends the reason of a no.
update_since() {
  local identifier status
  find_stack_fact status || return 2
  status=$SAID
  find_stack_fact update_identifier || return 2
  identifier=$SAID
  why "the stack $STACK is $status$3" "$4"
  [[ $status == "$2" && $1 =~ ^[0-9]+$ && $identifier =~ ^[0-9]+$ ]] && ((identifier >= $1))
}

running_update_is_ours() {
  local began
  began=$(plan_began) || return
  update_since "$began" UPDATE_IN_PROGRESS ", by somebody else's deployment or update" 'wait until it ends'
}

running_update_has_its_plan() {
  running_update_is_ours || return
  why 'the update runs with the plan as it was uploaded; what has become of the files since is not in it'
}

# What failed may be cured by a file of the plan, which is uploaded again then, and once more where that was not it.
update_of_ours_failed() {
  local began
  find_record plan-first || return 2
  began=$SAID
  update_since "$began" UPDATE_FAILED '' "openstack stack failures list $STACK"
}

no_update_runs() {
  local status
  find_stack_fact status || return 2
  status=$SAID
  [[ $status != *_IN_PROGRESS ]]
}

no_breakpoint_waits() {
  local waiting
  waiting=$(breakpoints_waiting) || return 2
  [[ -z $waiting ]]
}
