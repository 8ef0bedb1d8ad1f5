haproxy_services_check() {
  local node
  if [[ $HAPROXY == false ]]; then
    pass 'no HAProxy: the spec says that this site has a load balancer of its own'
    return
  fi
  if ! one_of controllers >/dev/null; then
    fail 'no controller answers ssh' 'check that the nodes are up (console, power); if their keys are unknown: ./runbook trust'
    return
  fi
  if [[ $HAPROXY == true ]]; then
    judge_question haproxy_is_there
  else
    judge_question find_haproxy_node
  fi
  if [[ $ANSWER != yes ]]; then return; fi
  node=$(printed find_haproxy_node)
  if [[ -z $node ]]; then
    pass 'no HAProxy: no role of the control plane has it, or puppet is configured for an external load balancer'
  else
    settle 'haproxy to reach every service' judge_haproxy_services "$node"
  fi
  pass_unless_found 'every service behind haproxy is up'
}

# judge_haproxy_services NODE
judge_haproxy_services() {
  # departs: credentials
  as_root_on "$1" read_haproxy_statistics >"$SCRATCH/haproxy.out" 2>"$SCRATCH/haproxy.err"
  judge_answer judge_haproxy "$1" $? "$SCRATCH/haproxy"
}
