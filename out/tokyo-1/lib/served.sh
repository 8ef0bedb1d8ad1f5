# What HAProxy sends to a node: what it sent there before a reboot, it is to reach there again before the next node goes down. What it did not
# reach before, for whatever reason, nobody waits for.
#
# The list stands in a mark of ours, $STATE/served-NODE, from before the reboot until the node serves again. Where it is lost, or HAProxy did not
# say, nothing is asked of HAProxy.

# find_haproxy_rows: sets SAID: PROXY, SERVER and STATUS; nothing where the site has no HAProxy.
find_haproxy_rows() { kept haproxy fetch_haproxy_rows; }
fetch_haproxy_rows() {
  local node
  SAID=''
  if [[ $HAPROXY == false ]]; then return 0; fi
  find_haproxy_node || return 2
  node=$SAID
  if [[ -z $node ]]; then return 0; fi
  hear_root_on "$node" read_haproxy_statistics || {
    why "haproxy's statistics cannot be read on $node: $(said_last)" "on $node: sudo systemctl status haproxy; sudo pcs status"
    return 2
  }
  parsed haproxy servers <<<"$SAID" || return 2
}

# list_served NODE: a question, whose list is in $SCRATCH/served. Redis is served by its master alone, and a reboot makes another.
list_served() {
  local proxy server status
  find_haproxy_rows || return 2
  : >"$SCRATCH/served" || return 2
  while IFS=$'\t' read -r proxy server status; do
    if [[ $proxy == redis || $status != UP ]] || ! is_host_of "$server" "$1"; then continue; fi
    printf '%s\n' "$proxy" >>"$SCRATCH/served" || return 2
  done <<<"$SAID"
}

# keep_served NODE: in an apply, before the reboot. A first attempt's list stands: after it the node may be half down.
keep_served() {
  local mark=$STATE/served-$1
  if [[ -e $mark ]]; then return; fi
  ask list_served "$1"
  if [[ $ANSWER != yes ]]; then
    note "what haproxy sends to $1 is not compared after its reboot: ${WHY:-it does not say}"
    return
  fi
  cp -- "$SCRATCH/served" "$mark.new"
  mv -- "$mark.new" "$mark"
}

# haproxy_reaches NODE: what it reached there before the reboot. Whom somebody has put into maintenance since is not waited for.
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
  why "haproxy does not reach on $1, as it did before the reboot: ${down#, }" \
    "on $1: sudo systemctl list-units --state=failed,activating; sudo ss --listening --tcp --processes; sudo pcs status"
  [[ -z $down ]] || return 1
  why "haproxy reaches $1 again"
}
