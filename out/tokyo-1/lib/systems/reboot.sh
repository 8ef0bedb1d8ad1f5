# A node goes down and comes back. The proof is a new boot id, never ssh's exit status.
#
# Before the reboot the node itself keeps, in a file of root's, which boot it left and why: if the journal is lost, a second run still knows,
# and a node is never rebooted twice in one change for the same reason.

REBOOT_RECORD=/var/lib/osp-runbook/$CHANGE/reboots

# Run by root on the node: what it runs and what it would run after a reboot, one `word value` per line. Whatever cannot be found out ends it:
# half an answer does not count.
reboot_facts() {
  local record=$1 default installed running said
  printf 'boot %s\n' "$(cat /proc/sys/kernel/random/boot_id)"
  printf 'kernel_running %s\n' "$(uname --kernel-release)"
  # the default entry, not the newest package: a site may pin a kernel, and would otherwise be rebooted for ever
  default=$(grubby --default-kernel)
  printf 'kernel_default %s\n' "$default"
  installed=$(rpm --query --queryformat '%{VERSION}' openvswitch) || [[ $installed == *'is not installed'* ]]
  # a node with plain bridges has the package, and no daemon
  if [[ $installed != *'is not installed'* ]] && systemctl is-active --quiet openvswitch; then
    running=$(ovs-vsctl --timeout=10 get Open_vSwitch . ovs_version)
    printf 'openvswitch_installed %s\nopenvswitch_running %s\n' "$installed" "${running//\"/}"
  fi
  # it ends with 1 for yes, and for an error of its own too: what it prints counts
  said=$(needs-restarting -r 2>&1) || [[ $said == *'Reboot is required'* ]] || {
    printf 'needs-restarting -r (yum-utils): %s\n' "${said:-no output}" >&2
    return 1
  }
  if [[ $said == *'Reboot is required'* ]]; then
    printf 'core_updated %s\n' "$(rpm --query --all --queryformat '%{INSTALLTIME}\n' | sort --numeric-sort | tail --lines=1)"
  fi
  if [[ -e $record ]]; then
    tail --lines=1 -- "$record" | awk -F '\t' '{ print "left_boot " $1; print "left_for " $2 }'
  fi
}

declare -A REBOOT_FACT=()

# facts_of_reboot NODE, or the word undercloud: puts what it has said into REBOOT_FACT.
facts_of_reboot() {
  local line word
  if [[ $1 == undercloud ]]; then
    kept "reboot undercloud" hear_root reboot_facts "$REBOOT_RECORD" || return 2
  else
    kept "reboot $1" hear_root_on "$1" reboot_facts "$REBOOT_RECORD" || return 2
  fi
  REBOOT_FACT=()
  while IFS=' ' read -r word line; do
    if [[ $word == kernel_default ]]; then line=${line#*/vmlinuz-}; fi
    if [[ -n $word ]]; then REBOOT_FACT[$word]=$line; fi
  done <<<"$SAID"
}

# reasons_to_reboot NODE: sets DUE: why a reboot is due, the reasons on one line, each ended by a semicolon; empty where none is.
reasons_to_reboot() {
  local word updated
  facts_of_reboot "$1" || return 2
  DUE=''
  for word in boot kernel_running kernel_default; do
    if [[ -z ${REBOOT_FACT[$word]-} ]]; then return 2; fi
  done
  if [[ ${REBOOT_FACT[kernel_running]} != "${REBOOT_FACT[kernel_default]}" ]]; then
    DUE+=" kernel ${REBOOT_FACT[kernel_running]} runs and ${REBOOT_FACT[kernel_default]} is the default;"
  fi
  if [[ ${REBOOT_FACT[openvswitch_running]-} != "${REBOOT_FACT[openvswitch_installed]-}" ]]; then
    DUE+=" openvswitch ${REBOOT_FACT[openvswitch_running]-} runs and ${REBOOT_FACT[openvswitch_installed]-} is installed;"
  fi
  if [[ -n ${REBOOT_FACT[core_updated]+said} ]]; then
    updated=${REBOOT_FACT[core_updated]}
    if numbers updated; then time_into updated '%F %TZ' "$updated"; fi
    DUE+=" core packages were updated after the boot (newest package: $updated);"
  fi
  DUE=${DUE# }
}

# runs_newest_software NODE: yes when no reboot is needed, or the operator has accepted that it has not helped. If the node cannot be asked, it
# cannot tell.
runs_newest_software() {
  reasons_to_reboot "$1" || return 2
  if [[ -n $DUE ]]; then
    find_step_that_reboots
    if attested "$SAID" "$1"; then
      why "the operator has accepted that $1 still needs a reboot: ${DUE%;}"
      return 0
    fi
    why "$1 needs a reboot: ${DUE%;}"
    return 1
  fi
  why "no reboot is needed: it runs kernel ${REBOOT_FACT[kernel_running]}"
}

# was_not_due NODE: the same for the steps that make a node ready for its reboot: a reboot that was due when they began stays so, and they do
# not ask again. Whether it is still due is asked where the node would go down.
was_not_due() {
  local status=0
  if judged_lately && [[ -e $SCRATCH/due-$1 ]]; then
    why "$1 needs a reboot"
    return 1
  fi
  runs_newest_software "$1"
  status=$?
  if ((status == 1)); then : >"$SCRATCH/due-$1"; fi
  return "$status"
}

# reboot_is_due NODE: for the gate of a reboot. A reason may be gone by now: somebody has rebooted the node, or put its boot loader right.
reboot_is_due() {
  local status=0
  opposite runs_newest_software "$1"
  status=$?
  if ((status == 1)); then why "$1 no longer needs a reboot" 'run this section again'; fi
  return "$status"
}

# reboot_would_help NODE: no when this change has rebooted the node before and one of the reasons is still the very same.
reboot_would_help() {
  local left_boot reason
  reasons_to_reboot "$1" || return 2
  left_boot=${REBOOT_FACT[left_boot]-}
  if [[ -z $left_boot || ${REBOOT_FACT[boot]} == "$left_boot" ]]; then return 0; fi
  common_reason "$DUE" "${REBOOT_FACT[left_for]-}"
  reason=$SAID
  find_step_that_reboots
  why "$1 was already rebooted in this change, but the reason remains:$reason" \
    "find out why the reboot did not fix it; to accept it: ./runbook attest $SAID --node $1 REASON"
  [[ -z $reason ]]
}

# find_step_that_reboots: sets SAID: the step of this section whose name says so.
find_step_that_reboots() {
  local row
  SAID=''
  for row in "${!STEP_NAME[@]}"; do
    if [[ ${STEP_NAME[row]} == *reboot* ]]; then SAID=${STEP_ID[row]}; fi
  done
}

# one_was_rebooted GROUP: this change has rebooted a node of the group.
one_was_rebooted() {
  local node left_boot
  for node in "${NODES[@]}"; do
    if ! node_is "$node" "$1"; then continue; fi
    facts_of_reboot "$node" || return 2
    left_boot=${REBOOT_FACT[left_boot]-}
    # a reboot that was asked for and never came has left no boot
    if [[ -n $left_boot && ${REBOOT_FACT[boot]-} != "$left_boot" ]]; then
      why "$node was rebooted by this change"
      return 0
    fi
  done
  why "no node of the group $1 was rebooted by this change"
  return 1
}

# common_reason REASONS OTHERS: sets SAID: the first that is in both, after a blank.
common_reason() {
  local reason at
  local -a due
  SAID=''
  IFS=';' read -r -a due <<<"$1"
  for at in "${!due[@]}"; do
    reason=${due[at]# }
    if [[ -n $reason && "; $2;" == *"; $reason;"* ]]; then
      SAID=" $reason"
      return
    fi
  done
}

# Run by root on the node.
record_reboot() {
  local record=$1 reasons=$2
  append_record "$record" "$(</proc/sys/kernel/random/boot_id)"$'\t'"$reasons"
}

# A command that takes the connection down with it may end with ssh's own 255.
may_lose_connection() {
  local status
  set +e
  "$@"
  status=$?
  set -e
  if ((status != 0 && status != 255)); then
    give_up "${CURRENT_NODE:-the undercloud} is not rebooted (status $status); see above"
  fi
}

# has_left_boot NODE BOOT: it answers, and runs another boot.
has_left_boot() {
  ssh_forget "$1"
  hear_on "$1" cat /proc/sys/kernel/random/boot_id || return 2
  why "$1 has not rebooted yet" "look at its console ;; on $1: last -x reboot"
  [[ -n $SAID && $SAID != "$2" ]]
}

# That a reboot was asked for is kept in a mark, $STATE/rebooting-NODE, until the node is seen in another boot. A lost mark loses nothing: a
# node that is down cannot be asked, which stops a run, and one that is back shows what it runs.

# The record of a node that has left its cluster to be rebooted (leave_cluster.sh).
LEFT_CLUSTER=/var/lib/osp-runbook/$CHANGE/left-cluster

# Run by root on the node: the boot in which the cluster was left, and whether that is under way.
leaving_word() {
  local record=$1
  if [[ ! -e $record ]]; then return; fi
  if ! flock --nonblock "$record.lock" true; then
    printf 'under_way\n'
  elif [[ $(<"$record") == "$(</proc/sys/kernel/random/boot_id)" ]]; then
    printf 'left\n'
  fi
}

# boot_word RECORD: run on the node; prints the boot id, and a word for whether it is going down. It is as soon as it leaves its cluster.
boot_word() {
  local state
  state=$(systemctl is-system-running || :)
  if [[ $(leaving_word "$1") == under_way ]]; then state=stopping; fi
  printf '%s %s\n' "$(cat /proc/sys/kernel/random/boot_id)" "$state"
}

# is_rebooting NODE: this change has rebooted it, and no wait has seen it in another boot yet. A node that still answers in its old boot and
# is not going down does not count: whatever the gates said when its reboot was asked for, they are asked again.
is_rebooting() {
  local mark=$STATE/rebooting-$1 boot script status=0
  why "$1 is not being rebooted by this change"
  [[ -e $mark ]] || return 1
  read_mark boot "$mark" || return 2
  find_script_that_reboots "$1" || return 2
  script=$SAID
  ssh_forget "$1"
  hear_root_on "$1" boot_word "$LEFT_CLUSTER" || status=$?
  why "$1 is rebooting and has not come back yet" "./$script --node $1, which waits for it; if it never comes back, take it out of the spec"
  if ((status == 255)); then return 0; fi
  if ((status > 0)); then return 2; fi
  [[ $SAID != "$boot "* || $SAID == *' stopping' ]]
}

# find_script_that_reboots NODE: sets SAID: the one that waits for it when it is started for this node alone. The whole section may come to
# another node first, which it does not begin while this one is away.
find_script_that_reboots() {
  local name=reboot-ceph-storage
  if node_is "$1" composable; then
    name=reboot-controllers-and-composable
  elif node_is "$1" computes; then
    name=reboot-computes
  fi
  find_section "$name" || return 2
  SAID=$SAID-$name.sh
}

# read_mark NAME FILE: into a variable. A mark that a full disk left empty names no boot.
read_mark() { [[ -r $2 ]] && { IFS= read -r "$1" <"$2" || :; }; }

# needs_no_reboot NODE: for satisfied. A node that this change is rebooting is a no, not a cannot tell.
needs_no_reboot() { opposite is_rebooting "$1" && runs_newest_software "$1"; }

# nobody_is_rebooting: no node that this change has rebooted is still on its way. One that is out of the spec by now is not waited for, as every run
# says (see lost_nodes_are_named).
nobody_is_rebooting() { nobody_else_is_rebooting ''; }

# nobody_else_is_rebooting NODE...: the same, but for these.
nobody_else_is_rebooting() {
  local mark node status
  for mark in "$STATE"/rebooting-*; do
    node=${mark##*/rebooting-}
    if [[ ! -e $mark || " $* " == *" $node "* ]] || ! node_is "$node" all; then continue; fi
    is_rebooting "$node"
    status=$?
    if ((status == 0)); then return 1; fi
    if ((status > 1)); then return 2; fi
  done
}

# another_is_away NODE: a different node that this change has rebooted is still on its way. What NODE owes the cluster was seen before that
# one went, and cannot be seen while it is gone.
another_is_away() { opposite is_rebooting "$1" && opposite nobody_is_rebooting; }

# no_other_batch_is_rebooting: none is still on its way but the nodes that the run is at together, which may be away at one time.
no_other_batch_is_rebooting() {
  local -i at
  local -a together=()
  for at in "${!WALK_NODE[@]}"; do
    if [[ ${WALK_BATCH[at]} == "$ENTERED_BATCH" ]]; then together+=("${WALK_NODE[at]}"); fi
  done
  with_words_of together nobody_else_is_rebooting
}

# before_reboot NODE: puts on record, on the node and here, which boot it is about to leave and why. The facts are those that its apply has
# just asked for.
before_reboot() {
  local node=$1 KEPT=$MOMENT
  answer is_rebooting "$node"
  if [[ $ANSWER == yes ]]; then return; fi
  reasons_to_reboot "$node"
  if [[ -z $DUE ]]; then give_up "$node no longer needs a reboot; run this section again"; fi
  as_root_on "$node" record_reboot "$REBOOT_RECORD" "$DUE"
  write_record "$STATE/rebooting-$node" "${REBOOT_FACT[boot]}"
}

await_reboot() {
  local node=$1 mark=$STATE/rebooting-$1 boot
  read_mark boot "$mark"
  if ! wait_until "$TIMEOUT_REBOOT" "$node to come back" has_left_boot "$node" "$boot"; then
    show_console_of "$node"
    give_up "$node did not come back; run the same command again to keep waiting, or take it out of the spec, compile and approve"
  fi
  rm -- "$mark"
}

# What the operator needs when a node does not come back: its power state, and the way to its console.
show_console_of() {
  local instance nodes uuid power
  if instance=$(with_stackrc openstack server show -f value -c id "$1") && [[ $instance =~ ^[0-9A-Fa-f-]{36}$ ]] &&
    nodes=$(with_stackrc openstack baremetal node list -f value -c UUID -c 'Instance UUID' -c 'Power State'); then
    uuid=$(awk -v instance="$instance" '$2 == instance { print $1 }' <<<"$nodes")
    power=$(awk -v instance="$instance" '$2 == instance { $1 = $2 = ""; sub(/^ +/, ""); print }' <<<"$nodes")
    complain "  power state (ironic): ${power:-nothing}"
  fi
  if [[ -z ${uuid-} ]]; then
    complain "  its node in ironic, by the id of its server: $(shown_remedy 'stackrc: openstack server list; openstack baremetal node list')"
    return 0
  fi
  complain "  its console: $(shown_remedy "stackrc: openstack baremetal node console show $(quoted "$uuid")")"
  complain "  its power:   $(shown_remedy "stackrc: openstack baremetal node show -f value -c power_state $(quoted "$uuid")")"
}
