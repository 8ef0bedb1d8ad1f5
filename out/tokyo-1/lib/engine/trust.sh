# The nodes' host keys: gathered, compared, shown, and written to known_hosts if the operator confirms.

TRUST_LIMIT=600 # seconds for the keys of all nodes

# Rows of the table: NODE ADDRESS TYPE KEY VERDICT, tab-separated. VERDICT is known, listed (another controller's list has the same), new,
# changed (known_hosts has another, or only keys of other kinds, none of which the node has shown), revoked (known_hosts says so) or
# contradicted (such a list has another).
gather_keys() {
  local node name kind key SAID
  scan_keys >"$SCRATCH/scanned" 2>"$SCRATCH/scan.err" || :
  fetch_controllers_lists
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" all; then continue; fi
    name_in_known_hosts "${NODE_ADDRESS[$node]}"
    name=$SAID
    while read -r _ kind key _; do
      printf '%s\t%s\t%s\t%s\t%s\n' "$node" "$name" "$kind" "$key" "$(verdict_on_key "$node" "$name" "$kind" "$key")"
    done < <(awk -v name="$name" '$1 == name' "$SCRATCH/scanned")
  done
}

# The nodes are reached as the spec says: by its port, and through its jump host.
scan_keys() {
  local jump
  local -a scan WAY
  jump=$(ssh_setting proxyjump)
  scan=(ssh-keyscan -T 10 -p "$SSH_PORT" -t "ed25519,ecdsa,rsa" -f -)
  nodes_in all | while IFS= read -r node; do node_address "$node"; done >"$SCRATCH/addresses"
  if [[ -n $jump && $jump != none ]]; then
    jump_way "$jump"
    scan=(ssh "${WAY[@]}" "${scan[*]}")
  fi
  (only_ssh timeout "$TRUST_LIMIT" "${scan[@]}" <"$SCRATCH/addresses")
}

# jump_way [USER@]HOST[:PORT][,...]: sets WAY to the options and the login for the last of these hosts, through those before it.
jump_way() {
  local host=${1##*,}
  WAY=("${SSH_FIXED[@]}" -o ConnectTimeout=10)
  if [[ $1 == *,* ]]; then WAY+=(-o ProxyJump="${1%,*}"); fi
  if [[ $host == *]:* || ($host == *:* && $host != *:*:*) ]]; then
    WAY+=(-o Port="${host##*:}")
    host=${host%:*}
  fi
  host=${host/\[/}
  WAY+=(-- "${host/\]/}")
}

# verdict_on_key NODE NAME TYPE KEY. A controller's own list does not count for its key: an impostor would list any key.
verdict_on_key() {
  local known listed='' controller
  known=$(known_keys "$2" | awk -v kind="$3" '$1 == kind { print $2 }')
  for controller in "${NODES[@]+"${NODES[@]}"}"; do
    if [[ $controller == "$1" || ! -s $SCRATCH/list-$controller ]]; then continue; fi
    listed+=$(keys_listed_for "${NODE_ADDRESS[$1]}" <"$SCRATCH/list-$controller" | awk -v kind="$3" '$1 == kind { print $2 }')$'\n'
  done
  listed=$(awk 'NF && !seen[$0]++' <<<"$listed")
  if has_line "$3 $4" "$(revoked_keys "$2")"; then
    printf revoked
  elif [[ -n $known && $'\n'$known$'\n' != *$'\n'"$4"$'\n'* ]]; then
    printf changed
  elif [[ -z $known ]] && shows_no_known_key "$2"; then
    printf changed
  elif [[ -n $listed && $listed != "$4" ]]; then
    printf contradicted
  elif [[ -n $known ]]; then
    printf known
  elif [[ -n $listed ]]; then
    printf listed
  else
    printf new
  fi
}

# known_keys ADDRESS: TYPE KEY of what known_hosts has, hashed names too. A missing address is not an error.
known_keys() { { ssh-keygen -F "$1" -f "$KNOWN_HOSTS" 2>>"$SCRATCH/stderr" || :; } | awk '!/^[#@]/ { print $2, $3 }'; }

# revoked_keys ADDRESS: TYPE KEY of those that known_hosts revokes.
revoked_keys() { { ssh-keygen -F "$1" -f "$KNOWN_HOSTS" 2>>"$SCRATCH/stderr" || :; } | awk '$1 == "@revoked" { print $3, $4 }'; }

# shows_no_known_key NAME: known_hosts has keys of it, and it has shown none of them: an impostor would show one of another kind, which looks
# like a new one.
shows_no_known_key() {
  awk -v name="$1" '
    FILENAME == ARGV[1] { if ($1 == name) shown[$2 " " $3]; next }
    { count++; if (($1 " " $2) in shown) found = 1 }
    END { exit !(count && !found) }' "$SCRATCH/scanned" - < <(known_keys "$1")
}

# keys_listed_for ADDRESS: TYPE KEY in a known_hosts file on stdin, whose names may be in brackets and end in a star.
keys_listed_for() {
  awk -v address="$1" '
    !/^[#@]/ {
      count = split($1, names, ",")
      for (i = 1; i <= count; i++) {
        gsub(/[][*]/, "", names[i])
        if (names[i] == address) { print $2, $3; next }
      }
    }'
}

# What the controllers know of the others, from two of them if possible. Each is asked over the key just gathered, checked as strictly as ever.
fetch_controllers_lists() {
  local node found=0
  local -a WAY
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" controllers; then continue; fi
    ssh_way "${NODE_ADDRESS[$node]}"
    if (only_ssh timeout 60 ssh -n -o ControlMaster=no -S none -o UserKnownHostsFile="$SCRATCH/scanned" "${WAY[@]}" \
      cat /etc/ssh/ssh_known_hosts) 2>>"$SCRATCH/stderr" >"$SCRATCH/list-$node" &&
      [[ -s $SCRATCH/list-$node ]]; then
      found=$((found + 1))
    fi
    if ((found == 2)); then return; fi
  done
}

show_keys() {
  local node address kind key verdict fingerprint
  while IFS=$'\t' read -r node address kind key verdict; do
    printf '%s %s %s\n' "$address" "$kind" "$key" >"$SCRATCH/key"
    fingerprint=$(fingerprints "$SCRATCH/key")
    printf '%-12s %-34s %-26s %-20s %s\n' "$verdict" "$node" "$address" "$kind" "$fingerprint"
  done
}

# fingerprints FILE: the default kind and MD5: consoles of RHEL 7.3 show MD5 alone, those of 7.4 SHA256. Our own ssh may be that of 7.3 too.
fingerprints() {
  { ssh-keygen -l -f "$1" && { ssh-keygen -l -E md5 -f "$1" 2>>"$SCRATCH/stderr" || :; }; } | awk '{ print $2 }' | paste --serial --delimiters=' '
}

nodes_without_key() { nodes_in all | awk -F '\t' 'FILENAME == ARGV[1] { seen[$1] = 1; next } !($1 in seen)' "$SCRATCH/keys" -; }

trust_nodes() {
  local silent
  gather_keys >"$SCRATCH/keys"
  show_keys <"$SCRATCH/keys"
  silent=$(nodes_without_key)
  if [[ ! -s $SCRATCH/keys ]]; then
    gate_refuse "no node has shown a key: $(last_words "$SCRATCH/scan.err" 'they do not answer')" 'see that the nodes are up, and that ssh.options lead to them'
  fi
  if [[ -n $silent ]]; then say "no key from: ${silent//$'\n'/, }"; fi
  if grep --quiet --extended-regexp $'\t(changed|revoked|contradicted)$' "$SCRATCH/keys"; then
    gate_refuse 'a host key differs from the known one; nothing was written' \
      'find out why on the node itself; if the node was redeployed: ssh-keygen -R ADDRESS, then ./runbook trust again'
  fi
  write_new_keys
  if [[ -n $silent ]]; then exit 1; fi
}

write_new_keys() {
  awk -F '\t' '$5 == "new" || $5 == "listed" { print $2, $3, $4 }' "$SCRATCH/keys" >"$SCRATCH/new"
  if [[ ! -s $SCRATCH/new ]]; then
    say 'every key that was gathered is known; nothing to write'
    return
  fi
  say "listed: another controller's list has the same key. new: not verified by any controller; compare it on the node's console with"
  say '  ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub'
  if [[ ! -t 0 ]]; then
    say 'run it on a terminal: keys are written only after you confirm them' >&2
    exit 4
  fi
  ask_operator "write these $(awk 'END { print NR }' "$SCRATCH/new") keys to $KNOWN_HOSTS? type yes:"
  if [[ $REPLY != yes ]]; then
    say 'nothing was written'
    exit 4
  fi
  mkdir --parents -- "${KNOWN_HOSTS%/*}"
  # a last line without an end would swallow the first key
  if [[ -s $KNOWN_HOSTS && -n $(tail --bytes=1 -- "$KNOWN_HOSTS") ]]; then printf '\n' >>"$KNOWN_HOSTS"; fi
  cat -- "$SCRATCH/new" >>"$KNOWN_HOSTS"
  journal - - trusted "$(awk '{ print $1 }' "$SCRATCH/new" | sort --unique | tr '\n' ' ')"
  say "written to $KNOWN_HOSTS"
}
