haproxy_services_check() {
  settle 'haproxy to reach every service' judge_haproxy_services
  pass_unless_found 'every service behind haproxy is up'
}

judge_haproxy_services() {
  local controller
  if ! controller=$(one_of controllers); then
    fail 'no controller answers ssh' './runbook trust, and look at the nodes'
    return
  fi
  as_root_on "$controller" read_haproxy_statistics >"$SCRATCH/haproxy.out" 2>"$SCRATCH/haproxy.err"
  judge_answer judge_haproxy "$controller" $? "$SCRATCH/haproxy"
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
