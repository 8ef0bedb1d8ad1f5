# A node goes down and comes back. The proof is a new boot id, never ssh's exit status.
#
# Before the reboot the node itself keeps, in a file of root's, which boot it left and why: with the journal lost, a second run still
# knows, and a node is never rebooted twice in one change for the same reason.

REBOOT_RECORD=/var/lib/osp-runbook/$CHANGE/reboots

# Run by root on the node: what it runs and what it would run after a reboot, one `word value` a line. Whatever cannot be found out
# ends it: half an answer is none.
reboot_facts() {
  local record=$1 default installed running said
  printf 'boot %s\n' "$(cat /proc/sys/kernel/random/boot_id)"
  printf 'kernel_running %s\n' "$(uname --kernel-release)"
  # the default entry, not the newest package: a site may pin a kernel, and would otherwise be rebooted for ever
  default=$(grubby --default-kernel)
  printf 'kernel_default %s\n' "${default#*/vmlinuz-}"
  installed=$(rpm --query --queryformat '%{VERSION}' openvswitch) || [[ $installed == *'is not installed'* ]]
  # a node with plain bridges has the package, and no daemon
  if [[ $installed != *'is not installed'* ]] && systemctl is-active --quiet openvswitch; then
    running=$(ovs-vsctl --timeout=10 get Open_vSwitch . ovs_version)
    printf 'openvswitch_installed %s\nopenvswitch_running %s\n' "$installed" "${running//\"/}"
  fi
  # it ends with 1 for yes, and for an error of its own too: its words count
  said=$(needs-restarting -r 2>&1) || [[ $said == *'Reboot is required'* ]]
  if [[ $said == *'Reboot is required'* ]]; then
    printf 'core_updated %s\n' "$(rpm --query --all --queryformat '%{INSTALLTIME}\n' | sort --numeric-sort | tail --lines=1)"
  fi
  if [[ -e $record ]]; then
    tail --lines=1 -- "$record" | awk -F '\t' '{ print "left_boot " $1; print "left_for " $2 }'
  fi
}

# facts_of_reboot NODE, or the word undercloud
facts_of_reboot() {
  local facts
  if [[ $1 == undercloud ]]; then
    facts=$(kept "reboot undercloud" as_root reboot_facts "$REBOOT_RECORD") || return 2
  else
    facts=$(kept "reboot $1" as_root_on "$1" reboot_facts "$REBOOT_RECORD") || return 2
  fi
  printf '%s\n' "$facts"
}

# Why a reboot is due: the reasons on one line, each ended by a semicolon; nothing where none is.
reasons_to_reboot() {
  local line word due=''
  local -A fact=()
  while IFS= read -r line; do
    word=${line%% *}
    line=${line#"$word"}
    if [[ -n $word ]]; then fact[$word]=${line# }; fi
  done
  for word in boot kernel_running kernel_default; do
    if [[ -z ${fact[$word]-} ]]; then return 2; fi
  done
  if [[ ${fact[kernel_running]} != "${fact[kernel_default]}" ]]; then
    due+=" kernel ${fact[kernel_running]} runs and ${fact[kernel_default]} is the default;"
  fi
  if [[ ${fact[openvswitch_running]-} != "${fact[openvswitch_installed]-}" ]]; then
    due+=" openvswitch ${fact[openvswitch_running]-} runs and ${fact[openvswitch_installed]-} is installed;"
  fi
  if [[ -n ${fact[core_updated]+said} ]]; then
    due+=" core packages were updated since the boot (newest package: ${fact[core_updated]});"
  fi
  printf '%s\n' "${due# }"
}

# runs_newest_software NODE: yes when no reboot is due. A node that cannot be asked is no answer.
runs_newest_software() {
  local facts reasons
  facts=$(facts_of_reboot "$1") || return 2
  reasons=$(reasons_to_reboot <<<"$facts") || return 2
  if [[ -n $reasons ]]; then
    why "$1 is due for a reboot: ${reasons%;}"
    return 1
  fi
  why 'no reboot is due'
}

# was_not_due NODE: the same for the steps that make a node ready for its reboot: one that was due when they began stays so, and is not
# asked at each of them. Whether it is still due is asked where it would go down.
was_not_due() {
  local status=0
  if judged_lately && [[ -e $SCRATCH/due-$1 ]]; then
    why "$1 is due for a reboot"
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
  if ((status == 1)); then why "no reboot of $1 is due any more" 'run this section again'; fi
  return "$status"
}

# reboot_is_of_use NODE: no when this change has rebooted the node before and one of the reasons is still the very same.
reboot_is_of_use() {
  local facts reasons left_boot left_for boot again
  facts=$(facts_of_reboot "$1") || return 2
  reasons=$(reasons_to_reboot <<<"$facts") || return 2
  left_for=$(fact_of left_for <<<"$facts") || return 2
  left_boot=$(fact_of left_boot <<<"$facts") || return 2
  boot=$(fact_of boot <<<"$facts") || return 2
  if [[ -z $left_boot || $boot == "$left_boot" ]]; then return 0; fi
  again=$(common_reason "$reasons" "$left_for") || return 2
  why "$1 was rebooted in this change, and still:$again" "find out why a boot does not bring it; if it is to be so: ./runbook attest with this step's id"
  [[ -z $again ]]
}

# one_was_rebooted GROUP: this change has sent a node of the group through a reboot.
one_was_rebooted() {
  local node facts boot left_boot
  while IFS= read -r node; do
    facts=$(facts_of_reboot "$node") || return 2
    boot=$(fact_of boot <<<"$facts") || return 2
    left_boot=$(fact_of left_boot <<<"$facts") || return 2
    # a reboot that was asked for and never came has left no boot
    if [[ -n $left_boot && $boot != "$left_boot" ]]; then
      why "$node was rebooted by this change"
      return 0
    fi
  done < <(nodes_in "$1")
  why "no node of the group $1 was rebooted by this change"
  return 1
}

# common_reason REASONS OTHERS: the first that is in both.
common_reason() {
  awk -v left="$2" -v now="$1" 'BEGIN {
    count = split(left, old, /; ?/)
    for (i = 1; i <= count; i++) known[old[i]] = 1
    count = split(now, due, /; ?/)
    for (i = 1; i <= count; i++) if (due[i] != "" && due[i] in known) { print " " due[i]; exit }
  }'
}

# Run by root on the node.
record_reboot() {
  local record=$1 reasons=$2
  mkdir --parents -- "$(dirname -- "$record")"
  printf '%s\t%s\n' "$(cat /proc/sys/kernel/random/boot_id)" "$reasons" >>"$record"
  sync
}

# A command that takes the connection down with it may end with ssh's own 255.
may_lose_connection() {
  local status
  set +e
  "$@"
  status=$?
  set -e
  if ((status != 0 && status != 255)); then
    give_up "$* ended with $status"
  fi
}

# has_left_boot NODE BOOT: it answers, and runs another boot.
has_left_boot() {
  local boot
  ssh_forget "$1"
  boot=$(on "$1" cat /proc/sys/kernel/random/boot_id) || return 2
  why "$1 still runs the boot it had" "on $1: last -x reboot, and its console"
  [[ -n $boot && $boot != "$2" ]]
}

# What we asked of a node stands in a mark of ours until the node is seen in another boot. A lost mark loses nothing: a node that is
# down cannot be asked, which stops a run, and one that is back shows what it runs.
rebooting_mark() { printf '%s/rebooting-%s' "$STATE" "$1"; }

# boot_word: run on the node; one word more than the boot id says whether it is going down.
boot_word() { printf '%s %s\n' "$(cat /proc/sys/kernel/random/boot_id)" "$(systemctl is-system-running || :)"; }

# is_rebooting NODE: this change has sent it down, and it has not been seen in another boot by a wait of ours. A node that still answers
# in its old boot, and is not on its way down, is not: whatever the gates said when its reboot was asked for, they are asked again.
is_rebooting() {
  local boot word status=0
  why "$1 was not sent down by this change"
  [[ -e $(rebooting_mark "$1") ]] || return 1
  boot=$(<"$(rebooting_mark "$1")") || return 2
  ssh_forget "$1"
  word=$(as_root_on "$1" boot_word) || status=$?
  why "$1 was sent down and has not been seen back" 'run the section that sent it down again, without --node: it waits for this node first'
  if ((status == 255)); then return 0; fi
  if ((status > 0)); then return 2; fi
  [[ $word != "$boot "* || $word == *' stopping' ]]
}

# needs_no_reboot NODE: for satisfied. A node of ours that is on its way down or up is a no, not a cannot tell.
needs_no_reboot() { opposite is_rebooting "$1" && runs_newest_software "$1"; }

# nobody_is_rebooting: no node that this change has sent down is still on its way.
nobody_is_rebooting() {
  local mark status
  for mark in "$STATE"/rebooting-*; do
    if [[ ! -e $mark ]]; then continue; fi
    is_rebooting "${mark##*/rebooting-}"
    status=$?
    if ((status == 0)); then return 1; fi
    if ((status > 1)); then return 2; fi
  done
}

# another_is_away NODE: a different node that this change has sent down is still on its way. What NODE owes the cluster was seen before that
# one went, and cannot be seen while it is gone.
another_is_away() { opposite is_rebooting "$1" && opposite nobody_is_rebooting; }

# before_reboot NODE: puts on record, on the node and here, which boot it is about to leave and why. What its apply has just insisted on has
# asked for the same facts, and they are taken from there.
before_reboot() {
  local node=$1 facts reasons KEPT=$MOMENT
  answer is_rebooting "$node"
  if [[ $ANSWER == yes ]]; then return; fi
  facts=$(facts_of_reboot "$node")
  reasons=$(reasons_to_reboot <<<"$facts")
  if [[ -z $reasons ]]; then give_up "no reboot of $node is due any more; run this section again"; fi
  as_root_on "$node" record_reboot "$REBOOT_RECORD" "$reasons"
  fact_of boot <<<"$facts" >"$(rebooting_mark "$node")"
}

await_reboot() {
  local node=$1 boot
  boot=$(<"$(rebooting_mark "$node")")
  if ! wait_until "$TIMEOUT_REBOOT" "$node to come back" has_left_boot "$node" "$boot"; then
    show_console_of "$node"
    give_up "$node did not come back; its mark is kept, and this run goes on waiting for it when it is started again"
  fi
  rm -- "$(rebooting_mark "$node")"
}

# What the operator needs when a node does not come back: its power state, and the way to its console.
show_console_of() {
  local instance nodes uuid power
  if instance=$(with_stackrc openstack server show -f value -c id "$1") &&
    nodes=$(with_stackrc openstack baremetal node list -f value -c UUID -c 'Instance UUID' -c 'Power State'); then
    uuid=$(awk -v instance="$instance" '$2 == instance { print $1 }' <<<"$nodes")
    power=$(awk -v instance="$instance" '$2 == instance { $1 = $2 = ""; sub(/^ +/, ""); print }' <<<"$nodes")
    complain "  ironic says of its machine: ${power:-nothing}"
  fi
  complain "  its console: . ~/stackrc; openstack baremetal node console show ${uuid:-NODE_UUID}"
  complain "  its power:   . ~/stackrc; openstack baremetal node show -f value -c power_state ${uuid:-NODE_UUID}"
}
