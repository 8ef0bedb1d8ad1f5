stack_is_calm_check() {
  judge_list judge_stacks 'heat stacks' stacks with_stackrc openstack stack list -f json
  judge_list_unless bare_metal_may_lack judge_deploying 'bare metal nodes' baremetal with_stackrc openstack baremetal node list -f json
  pass_unless_found "the stack $STACK is complete, and no operation is running in heat or ironic"
}

# ironic may have no node if this undercloud deployed none of the spec's.
bare_metal_may_lack() {
  why "$2" "$3"
  [[ $1 == empty ]] || return 2
  no_node_deployed_here || return 1
  why 'no node of the spec was deployed by this undercloud'
}

judge_stacks() {
  local name status found='' names=''
  local -a lines=()
  while IFS=$'\t' read -r name status; do
    if [[ $name == "$STACK" ]]; then found=$status; fi
    names+=$name$'\n'
    if [[ $status == *_IN_PROGRESS ]]; then fail "the stack $name is $status" 'wait for it to end, or find out who started it'; fi
  done
  case $found in
    '')
      mapfile -t lines < <(parse spec_lines site "$SITE_NAME" "$CHANGE" "$SITE_LANGUAGE" "$STACK" <<<"$names")
      # from here "$@" is these lines, if there are any
      set --
      if ((${#lines[@]} > 0)); then set -- "${lines[@]}"; fi
      fail "there is no stack $STACK" 'correct site.stack in the spec ;; stackrc: openstack stack list' "$@"
      ;;
    *_FAILED) fail "the stack $STACK is $found" "bring it to COMPLETE before anything else ;; stackrc: openstack stack failures list $STACK" ;;
  esac
}

judge_deploying() {
  local name instance power maintenance provisioning
  while IFS=$'\t' read -r name instance power maintenance provisioning; do
    if ironic_works_on "$provisioning"; then
      fail "$name is $provisioning${instance:+ (power ${power/power /}, maintenance $maintenance)}" "wait for it ;; stackrc: openstack baremetal node show $(quoted "$name")"
    fi
  done
}
