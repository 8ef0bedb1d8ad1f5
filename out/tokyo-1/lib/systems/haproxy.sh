# HAProxy's own statistics.

# Run by root on a node: yes where HAProxy is one of its services and balances the load, no where the site has a load balancer of its own.
haproxy_word() {
  local services value word=yes
  services=$(hiera_value service_names) || return
  # (with an external load balancer the service stays in the role, and this value makes puppet leave it alone)
  value=$(hiera_value enable_load_balancer 2>/dev/null) || value=true
  if [[ $services != *'"haproxy"'* || $value == false ]]; then word=no; fi
  printf '%s\n' "$word"
}

# find_haproxy_node: sets SAID: the first node of the control plane whose roles have HAProxy, nothing if none has it.
find_haproxy_node() {
  local node silent=''
  for node in "${NODES[@]}"; do
    if ! node_is "$node" control_plane; then continue; fi
    if ! hear_root_on "$node" haproxy_word; then
      silent=${silent:-$node}
      continue
    fi
    if [[ $SAID == yes ]]; then
      SAID=$node
      return 0
    fi
  done
  if [[ -n $silent ]]; then
    why "cannot tell whether $silent runs HAProxy, and no other node does" \
      "a site with a load balancer of its own says services: {haproxy: false} in the spec ;; on $(quoted "$silent"): sudo hiera service_names"
    return 2
  fi
  SAID=''
}

# haproxy_is_there: by the roles, on at least one node of the control plane.
haproxy_is_there() {
  find_haproxy_node || return 2
  why 'no role of the control plane has HAProxy, and services.haproxy in the spec says that there is one' \
    'a site that has none says services: {haproxy: false} in the spec ;; on control_plane: sudo hiera service_names'
  [[ -n $SAID ]]
}

# judge_haproxy NODE: `/;csv` on stdin.
judge_haproxy() {
  local rows levels level words
  if ! rows=$(parse haproxy servers) || [[ -z $rows ]] || ! levels=$(haproxy_levels <<<"$rows"); then
    fail "haproxy's statistics on $1 name no server, or cannot be read" "on $1: sudo systemctl status haproxy; sudo pcs status"
    return
  fi
  while IFS=$'\t' read -r level words; do
    if [[ $level == fail ]]; then level=not_yet; fi
    "$level" "haproxy: $words" 'look at that service on that node ;; on controller: sudo pcs status'
  done < <(grep . <<<"$levels")
}

# haproxy_levels: LEVEL and words for each server that is not UP. Only the master of redis answers its check: one up and the others
# down is how it should be.
haproxy_levels() {
  awk -F '\t' '
    $1 == "redis" { up += $3 ~ /^UP/; redis = redis ", " $2 " " $3; next }
    $3 == "UP" { next }
    $3 == "no check" { printf "warn\t%s on %s is not checked\n", $1, $2; next }
    $3 ~ /^(UP|MAINT|NOLB|DRAIN)/ { printf "warn\t%s on %s is %s\n", $1, $2, $3; next }
    { printf "fail\t%s on %s is %s\n", $1, $2, $3 }
    END {
      if (redis != "" && up != 1)
        printf "fail\tredis: %d of its servers answer as master, and exactly one should (%s)\n", up, substr(redis, 3)
    }'
}

# judge_balancer COMMAND...: every service that it serves, asked on the node that has it by its roles; COMMAND, `settle WHAT` or `at_once`, calls
# the judge. A site may have a load balancer of its own.
judge_balancer() {
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
    "$@" judge_haproxy_on "$node"
  fi
}

judge_haproxy_on() {
  as_root_on "$1" read_haproxy_statistics >"$SCRATCH/haproxy.out" 2>"$SCRATCH/haproxy.err"
  judge_answer judge_haproxy "$1" $? "$SCRATCH/haproxy"
}

# judge_unasked_haproxy: the spec says that HAProxy is not asked. If the roles have it after all, no check of this chapter would see it fail.
judge_unasked_haproxy() {
  local node
  if node=$(printed find_haproxy_node) && [[ -n $node ]]; then
    warn "by its roles $node runs HAProxy, and nothing is asked of it: the spec says services: {haproxy: false}" \
      'take services.haproxy out of the spec, unless the load balancer is the site'"'"'s own' \
      "# services: take out haproxy: false, unless the load balancer is the site's own"
  fi
}

# Run by root on a controller. An IPv6 address has no brackets in the configuration, and has them in a URL.
read_haproxy_statistics() {
  local stats bind address scheme=http credentials
  stats=$(grep 'listen haproxy.stats' -A 6 /etc/haproxy/haproxy.cfg)
  bind=$(awk '$1 == "bind" { print; exit }' <<<"$stats")
  if [[ " $bind " == *' ssl '* ]]; then scheme=https; fi
  bind=$(awk '{ print $2 }' <<<"$bind")
  address=${bind%:*}
  if [[ $address == *:* && $address != \[* ]]; then address="[$address]"; fi
  credentials=$(awk '$1 == "stats" && $2 == "auth" { print $3; exit }' <<<"$stats" | sed 's/[\\"]/\\&/g')
  # (by standard input: everybody can read the arguments)
  printf 'user = "%s"\n' "$credentials" |
    curl --silent --show-error --fail --globoff --insecure --max-time 30 --config - "$scheme://$address:1993/;csv"
}

# What HAProxy sends to a node: what it reached there before a reboot, it must reach again before the next node goes down. What it did not
# reach before, for whatever reason, is not waited for.
#
# The list is kept in $STATE/served-NODE, a mark of this change, from before the reboot until the node serves again. If it is lost, or HAProxy
# did not answer, HAProxy is not asked.

# find_haproxy_rows: sets SAID: PROXY, SERVER and STATUS; nothing where the site has no HAProxy.
find_haproxy_rows() { kept haproxy fetch_haproxy_rows; }
fetch_haproxy_rows() {
  local node
  SAID=''
  if [[ $HAPROXY == false ]]; then return 0; fi
  find_haproxy_node || return 2
  node=$SAID
  if [[ -z $node ]]; then return 0; fi
  # an empty list would be a yes to whoever looks for what is down
  hear_root_on "$node" read_haproxy_statistics && parsed haproxy servers <<<"$SAID" && [[ -n $SAID ]] || {
    why "haproxy's statistics cannot be read on $node: $(said_last)" "on $node: sudo systemctl status haproxy; sudo pcs status"
    return 2
  }
}

# haproxy_reaches_beside NODE: what it reaches there, it reaches on another node too. A proxy with servers on no other node has no other; and of
# Redis only the master is up.
haproxy_reaches_beside() {
  local alone
  find_haproxy_rows || return 2
  alone=$(awk -F '\t' -v node="${1,,}" '
    $1 == "redis" { next }
    tolower($2) == node || index(tolower($2), node ".") == 1 { if ($3 ~ /^UP/) here[$1] = 1; next }
    { others[$1] = 1; if ($3 == "UP" || $3 == "no check") beside[$1] = 1 }
    END { for (proxy in here) if (proxy in others && !(proxy in beside)) print proxy }' <<<"$SAID" | sort) || return 2
  why "haproxy reaches on $1 alone: ${alone//$'\n'/, }" \
    'start them on another node first ;; on control_plane: sudo systemctl --state=failed,activating'
  [[ -z $alone ]]
}

# list_served NODE: a question, whose list is in $SCRATCH/served. Of Redis only the master is served, and a reboot makes another node the master.
list_served() {
  local proxy server status
  find_haproxy_rows || return 2
  : >"$SCRATCH/served" || return 2
  while IFS=$'\t' read -r proxy server status; do
    if [[ $proxy == redis || $status != UP ]] || ! is_host_of "$server" "$1"; then continue; fi
    printf '%s\n' "$proxy" >>"$SCRATCH/served" || return 2
  done <<<"$SAID"
}

# keep_served NODE: in an apply, before the reboot. A first attempt's list is kept: after it the node may be half down.
keep_served() {
  local mark=$STATE/served-$1
  if [[ -e $mark ]]; then return; fi
  ask list_served "$1"
  if [[ $ANSWER != yes ]]; then
    note "haproxy's servers on $1 will not be compared after its reboot: ${WHY:-haproxy does not answer}"
    return
  fi
  write_record "$mark" "$(<"$SCRATCH/served")"
}

# haproxy_reaches NODE: all that it reached there before the reboot. What somebody has put into maintenance since is not waited for.
haproxy_reaches() {
  local mark=$STATE/served-$1 served proxy server status down=''
  why "haproxy sent nothing to $1 before its reboot"
  if [[ ! -s $mark ]]; then return 0; fi
  served=$(<"$mark") || return 2
  find_haproxy_rows || return 2
  while IFS=$'\t' read -r proxy server status; do
    if [[ $status != DOWN* ]] || ! is_host_of "$server" "$1" || ! has_line "$proxy" "$served"; then continue; fi
    down+=", $proxy"
  done <<<"$SAID"
  why "haproxy no longer reaches on $1 what it reached before the reboot: ${down#, }" \
    "on $1: sudo systemctl list-units --state=failed,activating; sudo ss --listening --tcp --processes; sudo pcs status"
  [[ -z $down ]] || return 1
  why "haproxy reaches $1 again"
}
