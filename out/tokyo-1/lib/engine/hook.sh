# The site's own programs around the work on a node, to silence its monitoring and to bring it back. A node stays silenced until its
# batch is through: the nodes of a batch take turns step by step.

HOOKED_NODES=() ENTERED_BATCH=0

# enter_batch NUMBER: the nodes of the batch before it are through.
enter_batch() {
  if [[ $1 != "$ENTERED_BATCH" ]]; then
    leave_nodes
    ENTERED_BATCH=$1
  fi
}

# before_node_hook NODE RISK: notes the node for the hook afterwards too, even if that is the only one.
before_node_hook() {
  local at
  if [[ -z $HOOK_BEFORE_NODE$HOOK_AFTER_NODE || -z $1 || $2 == low ]]; then return 0; fi
  for at in "${!HOOKED_NODES[@]}"; do
    if [[ ${HOOKED_NODES[at]} == "$1" ]]; then return 0; fi
  done
  if [[ -n $HOOK_BEFORE_NODE ]]; then
    note "hook: $HOOK_BEFORE_NODE $1 $SECTION"
    if ! run_hook "$HOOK_BEFORE_NODE" "$1"; then
      refuse "the hook $HOOK_BEFORE_NODE failed for $1" "see $LOG"
    fi
    journal - "$1" hook "$HOOK_BEFORE_NODE"
  fi
  HOOKED_NODES+=("$1")
}

leave_nodes() {
  with_words_of HOOKED_NODES leave_those
}
leave_those() {
  local node
  HOOKED_NODES=()
  if [[ -z $HOOK_AFTER_NODE ]]; then return 0; fi
  for node in "$@"; do
    note "hook: $HOOK_AFTER_NODE $node $SECTION"
    if run_hook "$HOOK_AFTER_NODE" "$node"; then
      journal - "$node" hook "$HOOK_AFTER_NODE"
    else
      complain "the hook $HOOK_AFTER_NODE failed for $node; see $LOG"
      journal - "$node" hook-failed "$HOOK_AFTER_NODE"
    fi
  done
}

HOOKED_FOR_UPDATE=''

# before_update_hook NODE: once per run; sets HOOKED to no if it failed. It does not get the pipes to the client (7 and 8).
before_update_hook() {
  HOOKED=yes
  if [[ -z $HOOK_BEFORE_UPDATE || $HOOKED_FOR_UPDATE == *" $1 "* ]]; then return 0; fi
  note "hook: $HOOK_BEFORE_UPDATE $1 $SECTION"
  if run_hook "$HOOK_BEFORE_UPDATE" "$1" 7>&- 8>&-; then
    HOOKED_FOR_UPDATE+=" $1 "
    journal - "$1" hook "$HOOK_BEFORE_UPDATE"
  else
    complain "the hook $HOOK_BEFORE_UPDATE failed for $1, which stays at its breakpoint; see $LOG"
    journal - "$1" hook-failed "$HOOK_BEFORE_UPDATE"
    HOOKED=no
  fi
}

# A hook is the site's program: it gets five minutes, and neither our terminal nor our lock.
run_hook() {
  local status=0
  forget_lately
  # not into a pipe, which a process that it leaves behind would keep open
  timeout --kill-after=10 300 "$1" "$2" "$SECTION" >"$SCRATCH/hook" 2>&1 </dev/null 9>&- || status=$?
  to_log <"$SCRATCH/hook"
  return "$status"
}
