# The nodes' host keys: gathered, compared, shown, and written to known_hosts on the operator's word alone.

# Rows of the table: NODE ADDRESS TYPE KEY VERDICT, tab-separated. VERDICT is known, listed (a controller's own list has the same), new,
# changed (known_hosts has another) or contradicted (that list has another).
gather_keys() {
  local node address kind key
  while IFS= read -r node; do node_address "$node"; done < <(nodes_in all) >"$SCRATCH/addresses"
  ssh-keyscan -T 10 -t ed25519,ecdsa,rsa -f "$SCRATCH/addresses" >"$SCRATCH/scanned" 2>"$SCRATCH/scan.err" || :
  fetch_controllers_list >"$SCRATCH/controllers"
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" all; then continue; fi
    address=$(node_address "$node")
    while read -r _ kind key _; do
      printf '%s\t%s\t%s\t%s\t%s\n' "$node" "$address" "$kind" "$key" "$(verdict_on_key "$address" "$kind" "$key")"
    done < <(awk -v address="$address" '$1 == address' "$SCRATCH/scanned")
  done
}

verdict_on_key() {
  local known listed
  known=$(known_keys "$1" | awk -v kind="$2" '$1 == kind { print $2 }')
  listed=$(keys_listed_for "$1" <"$SCRATCH/controllers" | awk -v kind="$2" '$1 == kind { print $2 }')
  if [[ -n $known && $'\n'$known$'\n' != *$'\n'"$3"$'\n'* ]]; then
    printf changed
  elif [[ -n $listed && $'\n'$listed$'\n' != *$'\n'"$3"$'\n'* ]]; then
    printf contradicted
  elif [[ -n $known ]]; then
    printf known
  elif [[ -n $listed ]]; then
    printf listed
  else
    printf new
  fi
}

# known_keys ADDRESS: TYPE KEY of what known_hosts has, hashed names too. An address that is not there is no error.
known_keys() { { ssh-keygen -F "$1" 2>>"$SCRATCH/stderr" || :; } | awk '!/^#/ { print $2, $3 }'; }

# keys_listed_for ADDRESS: TYPE KEY in a known_hosts file on stdin, whose names may stand in brackets and end in a star.
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

# What a controller itself knows of the others. It is asked over the keys just gathered, checked as strictly as ever: somebody between us
# and one node is found out; that the controller is ours the operator sees by its fingerprint.
fetch_controllers_list() {
  local node address
  for node in "${NODES[@]+"${NODES[@]}"}"; do
    if ! node_is "$node" controllers; then continue; fi
    address=$(node_address "$node")
    if ssh -n -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$SCRATCH/scanned" -o ConnectTimeout=10 \
      "$SSH_USER@$address" cat /etc/ssh/ssh_known_hosts 2>>"$SCRATCH/stderr"; then
      return
    fi
  done
}

show_keys() {
  local node address kind key verdict fingerprint
  while IFS=$'\t' read -r node address kind key verdict; do
    fingerprint=$(printf '%s %s %s\n' "$address" "$kind" "$key" >"$SCRATCH/key" && ssh-keygen -l -f "$SCRATCH/key" | awk '{ print $2 }')
    printf '%-12s %-34s %-26s %-20s %s\n' "$verdict" "$node" "$address" "$kind" "$fingerprint"
  done
}

nodes_without_key() { nodes_in all | awk -F '\t' 'NR == FNR { seen[$1] = 1; next } !($1 in seen)' "$SCRATCH/keys" -; }

trust_nodes() {
  local silent
  gather_keys >"$SCRATCH/keys"
  show_keys <"$SCRATCH/keys"
  silent=$(nodes_without_key)
  if [[ -n $silent ]]; then say "no key from: ${silent//$'\n'/, }"; fi
  if grep --quiet --extended-regexp $'\t(changed|contradicted)$' "$SCRATCH/keys"; then
    gate_refuse 'a key is not the one that is known; nothing was written' \
      'find out why on the node itself; if the node was redeployed: ssh-keygen -R ADDRESS, then this again'
  fi
  write_new_keys
  if [[ -n $silent ]]; then exit 1; fi
}

write_new_keys() {
  local known_hosts=$UNDERCLOUD_HOME/.ssh/known_hosts reply
  awk -F '\t' '$5 == "new" || $5 == "listed" { print $2, $3, $4 }' "$SCRATCH/keys" >"$SCRATCH/new"
  if [[ ! -s $SCRATCH/new ]]; then
    say 'every key that was gathered is known; nothing to write'
    return
  fi
  say "listed: a controller's own list has the same key. new: nobody vouches for it; compare it on the node's console with"
  say '  ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub'
  if [[ ! -t 0 ]]; then
    say 'run it on a terminal: the keys are written on your word alone' >&2
    exit 4
  fi
  printf 'write these %d keys to %s? type yes: ' "$(awk 'END { print NR }' "$SCRATCH/new")" "$known_hosts"
  IFS= read -r reply || reply=''
  if [[ $reply != yes ]]; then
    say 'nothing was written'
    exit 4
  fi
  mkdir --parents -- "${known_hosts%/*}"
  cat -- "$SCRATCH/new" >>"$known_hosts"
  journal - - trusted "$(awk '{ print $1 }' "$SCRATCH/new" | sort --unique | tr '\n' ' ')"
  say "written to $known_hosts"
}
