# A node of the cluster leaves it before its reboot: what Pacemaker runs there is stopped in order, and has the time for it. If only the
# reboot stops it, a rabbit that stops too slowly is fenced and cannot rejoin (BZ1383780, BZ1311005, BZ1247303).
#
# Stopping the cluster and the reboot are one command on the node, which continues when this run ends or the connection is lost. If the
# cluster does not stop, or the reboot is refused, the node starts its cluster again by itself. If that command is killed too, a record stays
# on the node: by it the next run knows that this change stopped the cluster, and starts it before anything else.

# Run by root on the node. leave_and_reboot RECORD COMMAND...: COMMAND stops the cluster here; rabbitmq alone has 200 s for that, and galera
# and haproxy come after it.
leave_and_reboot() {
  local record=$1 said
  shift
  # the connection may go before the end
  trap '' HUP PIPE
  mkdir --parents -- "$(dirname -- "$record")"
  exec 8>"$record.lock"
  flock --nonblock 8
  write_record "$record" "$(</proc/sys/kernel/random/boot_id)"
  if "$@" >"$record.log" 2>&1 8>&- && reboot 8>&-; then return; fi
  said=$(head --lines=1 -- "$record.log")
  # if this fails, its record stays for the next run to see
  pcs cluster start >>"$record.log" 2>&1 8>&-
  rm -- "$record"
  printf 'the cluster did not stop, or the reboot was refused; the cluster was started again: %s\n' "$said" >&2
  return 1
}

# was_taken_out NODE: this change has stopped the cluster there, and the reboot that was to follow has not come.
was_taken_out() {
  if ! node_is "$1" pacemaker; then return 1; fi
  hear_root_on "$1" leaving_word "$LEFT_CLUSTER" || return 2
  why "this change has stopped the cluster on $1, but the node did not reboot"
  [[ $SAID == left ]]
}

# another_was_taken_out NODE: one of the others. A node that does not answer was asked before.
another_was_taken_out() {
  local node status
  for node in "${NODES[@]}"; do
    if [[ $node == "$1" ]] || ! node_is "$node" pacemaker; then continue; fi
    was_taken_out "$node"
    status=$?
    if ((status == 0)); then return 0; fi
    if ((status > 1)); then return 2; fi
  done
  why "$1 has not rejoined the cluster" "on $1: sudo pcs status"
  return 1
}
