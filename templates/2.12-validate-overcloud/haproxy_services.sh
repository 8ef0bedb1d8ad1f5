haproxy_services_check() {
  local node
  if [[ $HAPROXY == false ]]; then
    pass 'no HAProxy: the spec says that this site has a load balancer of its own'
    return
  fi
  if ! one_of controllers >/dev/null; then
    fail 'no controller answers ssh' './runbook trust, and look at the nodes'
    return
  fi
  judge_question find_haproxy_node
  if [[ $ANSWER != yes ]]; then return; fi
  node=$(printed find_haproxy_node)
  if [[ -z $node && $HAPROXY == true ]]; then
    fail 'no role of the control plane has HAProxy, and services.haproxy in the spec says that there is one' 'correct the spec, and compile again'
  elif [[ -z $node ]]; then
    pass 'no HAProxy: no role of the control plane has it, or puppet is told of an external load balancer'
  else
    settle 'haproxy to reach every service' judge_haproxy_services "$node"
  fi
  pass_unless_found 'every service behind haproxy is up'
}

# judge_haproxy_services NODE
judge_haproxy_services() {
  as_root_on "$1" read_haproxy_statistics >"$SCRATCH/haproxy.out" 2>"$SCRATCH/haproxy.err"
  judge_answer judge_haproxy "$1" $? "$SCRATCH/haproxy"
}

# Run by root on a controller. An IPv6 address stands without brackets in the configuration, and with them in a URL.
read_haproxy_statistics() {
  local stats bind address scheme=http credentials
  stats=$(grep 'listen haproxy.stats' -A 6 /etc/haproxy/haproxy.cfg)
  bind=$(awk '$1 == "bind" { print; exit }' <<<"$stats")
  if [[ " $bind " == *' ssl '* ]]; then scheme=https; fi
  bind=$(awk '{ print $2 }' <<<"$bind")
  address=${bind%:*}
  if [[ $address == *:* && $address != \[* ]]; then address="[$address]"; fi
  credentials=$(awk '$1 == "stats" && $2 == "auth" { print $3; exit }' <<<"$stats" | sed 's/[\\"]/\\&/g')
  # departs: credentials
  printf 'user = "%s"\n' "$credentials" |
    curl --silent --show-error --fail --globoff --insecure --max-time 30 --config - "$scheme://$address:1993/;csv"
}
