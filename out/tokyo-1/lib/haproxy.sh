# HAProxy's own statistics.

# judge_haproxy NODE: `/;csv` on stdin.
judge_haproxy() {
  local rows levels level words
  if ! rows=$(parse haproxy servers) || [[ -z $rows ]] || ! levels=$(haproxy_levels <<<"$rows"); then
    fail "haproxy's statistics on $1 name no server, or cannot be read" "on $1: sudo systemctl status haproxy; sudo pcs status"
    return
  fi
  while IFS=$'\t' read -r level words; do
    if [[ $level == fail ]]; then level=not_yet; fi
    "$level" "haproxy: $words" 'look at that service on that node; sudo pcs status'
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
  # (by standard input: what stands in the arguments, everybody can read)
  printf 'user = "%s"\n' "$credentials" |
    curl --silent --show-error --fail --globoff --insecure --max-time 30 --config - "$scheme://$address:1993/;csv"
}
