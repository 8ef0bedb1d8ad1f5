# The site's own programs around the work on a node, to silence its monitoring and to bring it back.

HOOKED_NODE='' ENTERED_NODE=''

enter_node() {
  if [[ $1 != "$ENTERED_NODE" ]]; then
    leave_node
    ENTERED_NODE=$1
  fi
}

# before_node_hook NODE RISK
before_node_hook() {
  if [[ -z $HOOK_BEFORE_NODE || -z $1 || $2 == low || $HOOKED_NODE == "$1" ]]; then return; fi
  note "hook: $HOOK_BEFORE_NODE $1 $SECTION"
  if ! "$HOOK_BEFORE_NODE" "$1" "$SECTION" >>"$LOG" 2>&1 </dev/null; then
    refuse "the hook $HOOK_BEFORE_NODE failed for $1" "see $LOG"
  fi
  HOOKED_NODE=$1
  journal - "$1" hook "$HOOK_BEFORE_NODE"
}

leave_node() {
  local node=$HOOKED_NODE
  HOOKED_NODE=''
  if [[ -z $HOOK_AFTER_NODE || -z $node ]]; then return; fi
  note "hook: $HOOK_AFTER_NODE $node $SECTION"
  if ! "$HOOK_AFTER_NODE" "$node" "$SECTION" >>"$LOG" 2>&1 </dev/null; then
    complain "the hook $HOOK_AFTER_NODE failed for $node; see $LOG"
  fi
}
