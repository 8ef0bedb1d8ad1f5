# A node goes down and comes back. The proof is a new boot id, never ssh's exit status.
#
# Before the reboot the node itself keeps, in a file of root's, which boot it left and why: with the journal lost, a second run still
# knows, and a node is never rebooted twice in one change for the same reason.

REBOOT_RECORD=/var/lib/osp-runbook/$CHANGE/reboots

# Run by root on the node: what it runs and what it would run after a reboot, one `word value` a line.
reboot_facts() {
  local record=$1 installed running status
  printf 'boot %s\n' "$(cat /proc/sys/kernel/random/boot_id)"
  printf 'kernel_running %s\n' "$(uname --kernel-release)"
  # the default entry, not the newest package: a site may pin a kernel, and would otherwise be rebooted for ever
  printf 'kernel_default %s\n' "$(basename "$(grubby --default-kernel)" | sed 's/^vmlinuz-//')"
  if installed=$(rpm --query --queryformat '%{VERSION}' openvswitch); then
    running=$(ovs-vsctl --timeout=10 get Open_vSwitch . ovs_version | tr --delete '"')
    printf 'openvswitch_installed %s\nopenvswitch_running %s\n' "$installed" "$running"
  fi
  status=0
  needs-restarting -r >/dev/null || status=$?
  printf 'needs_restarting %d\n' "$status"
  if [[ -e $record ]]; then
    tail --lines=1 -- "$record" | awk -F '\t' '{ print "left_boot " $1; print "left_for " $2 }'
  fi
}

# facts_of_reboot NODE, or the word undercloud
facts_of_reboot() {
  local facts
  if [[ $1 == undercloud ]]; then
    facts=$(as_root reboot_facts "$REBOOT_RECORD") || return 2
  else
    facts=$(as_root_on "$1" reboot_facts "$REBOOT_RECORD") || return 2
  fi
  printf '%s\n' "$facts"
}

# Why a reboot is due, on one line; nothing where none is.
reasons_to_reboot() {
  awk '
    { word = $1; sub(/^[^ ]+ ?/, ""); fact[word] = $0 }
    END {
      if (fact["kernel_running"] != fact["kernel_default"])
        due = due ", kernel " fact["kernel_running"] " runs and " fact["kernel_default"] " is the default"
      if (fact["openvswitch_running"] != fact["openvswitch_installed"])
        due = due ", openvswitch " fact["openvswitch_running"] " runs and " fact["openvswitch_installed"] " is installed"
      if (fact["needs_restarting"] == 1)
        due = due ", core packages were updated since the boot"
      print substr(due, 3)
    }'
}

fact_of() { awk -v word="$1" '$1 == word { sub(/^[^ ]+ ?/, ""); print }'; }

# runs_newest_software NODE: yes when no reboot is due. A node that cannot be asked is no answer.
runs_newest_software() {
  local facts reasons
  facts=$(facts_of_reboot "$1") || return 2
  reasons=$(reasons_to_reboot <<<"$facts") || return 2
  if [[ -n $reasons ]]; then
    why "$1 is due for a reboot: $reasons"
    return 1
  fi
  why 'no reboot is due'
}

# reboot_is_of_use NODE: no when this change has rebooted the node for the very same reason before.
reboot_is_of_use() {
  local facts reasons left_boot left_for boot
  facts=$(facts_of_reboot "$1") || return 2
  reasons=$(reasons_to_reboot <<<"$facts") || return 2
  left_for=$(fact_of left_for <<<"$facts") || return 2
  left_boot=$(fact_of left_boot <<<"$facts") || return 2
  boot=$(fact_of boot <<<"$facts") || return 2
  if [[ -n $left_boot && $boot != "$left_boot" && $left_for == "$reasons" ]]; then
    why "$1 was rebooted in this change and nothing changed: $reasons" 'find out why the boot does not bring it, then ./runbook attest'
    return 1
  fi
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
    complain "$* ended with $status"
    exit 1
  fi
}

# has_left_boot NODE BOOT: it answers, and runs another boot.
has_left_boot() {
  local boot
  ssh_forget "$1"
  boot=$(on "$1" cat /proc/sys/kernel/random/boot_id) || return 2
  why "$1 still runs the boot it had"
  [[ -n $boot && $boot != "$2" ]]
}

rebooting_mark() { printf '%s/rebooting-%s' "$STATE" "$1"; }

# is_rebooting NODE: this change asked it to reboot, and it has not been seen in another boot since.
is_rebooting() {
  local boot status
  [[ -e $(rebooting_mark "$1") ]] || return 1
  boot=$(cat -- "$(rebooting_mark "$1")") || return 2
  has_left_boot "$1" "$boot"
  status=$?
  why "$1 was asked to reboot and has not been seen back"
  ((status != 0))
}

# needs_no_reboot NODE: for satisfied. A node of ours that is on its way down or up is a no, not a cannot tell.
needs_no_reboot() { opposite is_rebooting "$1" && runs_newest_software "$1"; }

# still_in_old_boot NODE: yes while the reboot is still to be asked for; a node that is down already is on its way.
still_in_old_boot() {
  local boot
  boot=$(on "$1" cat /proc/sys/kernel/random/boot_id) || return 1
  [[ $boot == "$(cat -- "$(rebooting_mark "$1")")" ]]
}

# before_reboot NODE: puts on record, on the node and here, which boot it is about to leave and why.
before_reboot() {
  local node=$1 facts reasons
  answer is_rebooting "$node"
  if [[ $ANSWER == yes ]]; then return; fi
  facts=$(facts_of_reboot "$node")
  reasons=$(reasons_to_reboot <<<"$facts")
  as_root_on "$node" record_reboot "$REBOOT_RECORD" "$reasons"
  fact_of boot <<<"$facts" >"$(rebooting_mark "$node")"
}

await_reboot() {
  local node=$1 boot
  boot=$(cat -- "$(rebooting_mark "$node")")
  if ! wait_until "$TIMEOUT_REBOOT" "$node to come back" has_left_boot "$node" "$boot"; then
    show_console_of "$node"
    exit 1
  fi
  rm -- "$(rebooting_mark "$node")"
}

# What the operator needs when a node does not come back.
show_console_of() {
  note "$1 did not come back; its power state and console:"
  note "  . ~/stackrc; openstack baremetal node list | grep \"\$(openstack server show -f value -c id $1)\""
  note "  openstack baremetal node console show NODE_UUID"
}
