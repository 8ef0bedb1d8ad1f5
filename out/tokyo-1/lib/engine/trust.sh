# The nodes' host keys: gathered, compared, shown, and written to known_hosts if the operator confirms.

TRUST_LIMIT=60 # seconds for the keys of a node

# Rows of the table: NODE ADDRESS TYPE KEY VERDICT, tab-separated. VERDICT is known, listed (another controller's list has the same), new,
# changed (known_hosts has another, or only keys of other kinds, none of which the node has shown), revoked (known_hosts or such a list says
# so) or contradicted (such a list has another).
gather_keys() {
  local node name kind key
  scan_keys
  fetch_controllers_lists
  while read -r node name kind key; do
    printf '%s\t%s\t%s\t%s\t%s\n' "$node" "$name" "$kind" "$key" "$(verdict_on_key "$node" "$name" "$kind" "$key")"
  done <"$SCRATCH/scanned"
}

# The files of known hosts that ssh looks into, as far as they are there: the spec's, else the user's, and the machine's.
KNOWN_FILES=()
find_known_files() {
  local file list
  list=$(ssh_setting userknownhostsfile)
  KNOWN_FILES=()
  for file in ${list:-"$KNOWN_HOSTS"} $(ssh_setting globalknownhostsfile) /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2; do
    file=${file//\"/}
    file=${file/#\~/$UNDERCLOUD_HOME}
    # (ssh passes over what it cannot read of the machine's)
    if [[ -e $file && (-r $file || $file != /etc/ssh/*) ]]; then KNOWN_FILES+=("$file"); fi
  done
}

# gate_known_files: where a file cannot be read, a key that differs from the known one would look like a new one.
gate_known_files() {
  local file at
  for at in "${!KNOWN_FILES[@]}"; do
    file=${KNOWN_FILES[at]}
    if [[ ! -r $file ]]; then gate_refuse "the known host keys cannot be read: $file" "see whose file it is: ls -l $(quoted "$file")"; fi
  done
}

# scan_keys: makes $SCRATCH/scanned, rows of NODE ADDRESS TYPE KEY. Each node is asked on its own: one that says half a word, and then nothing,
# would hold up the others, and take their keys along when its time is over.
scan_keys() {
  local node SAID
  gather all scan_node
  for node in "${NODES[@]}"; do
    if ! node_is "$node" all; then continue; fi
    cat -- "$SCRATCH/gather/$node.err" >>"$SCRATCH/scan.err"
    name_in_known_hosts "${NODE_ADDRESS[$node]}"
    keys_shown "$node" "$SAID" <"$SCRATCH/gather/$node.out"
  done >"$SCRATCH/scanned"
}

# scan_node NODE: it is reached as the spec says: by its port, and through its jump host.
scan_node() {
  local jump
  local -a scan WAY
  jump=$(ssh_setting proxyjump)
  scan=(ssh-keyscan -T 10 -p "$SSH_PORT" -t "ed25519,ecdsa,rsa" "${NODE_ADDRESS[$1]}")
  if [[ -n $jump && $jump != none ]]; then
    jump_way "$jump"
    scan=(ssh -n "${WAY[@]}" "${scan[*]}")
  fi
  (only_ssh timeout "$TRUST_LIMIT" "${scan[@]}" </dev/null)
}

# keys_shown NODE NAME: rows of the table's first four columns from what a scan has said, which may be the word of a jump host: its greeting,
# or anything else that is not a key, is left out.
keys_shown() {
  local kind key
  while read -r kind key; do
    printf '%s %s %s\n' "$2" "$kind" "$key" >"$SCRATCH/key"
    if ssh-keygen -l -f "$SCRATCH/key" >/dev/null 2>>"$SCRATCH/scan.err"; then printf '%s %s %s %s\n' "$1" "$2" "$kind" "$key"; fi
  done < <(awk -v name="$2" '
    { gsub(/\r/, "") }
    $1 == name && $2 ~ /^[a-z][a-z0-9@.-]*$/ && $3 ~ /^[A-Za-z0-9+\/]+=*$/ && !seen[$2 " " $3]++ { print $2, $3 }')
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
  local known revoked='' listed='' verified=no lister all at
  known=$(known_keys "$2")
  for at in "${!LISTERS[@]}"; do
    lister=${LISTERS[at]}
    if is_same_host "$lister" "$1" "$3 $4"; then continue; fi
    all=$(keys_listed "$lister" "$1")
    listed+=$all$'\n'
    revoked+=$(keys_listed "$lister" "$1" @revoked)$'\n'
    if has_line "$3 $4" "$all" && verifies "$lister" "$1" "$3 $4"; then verified=yes; fi
  done
  if has_line "$3 $4" "$revoked$(known_keys "$2" @revoked)"; then
    printf revoked
  elif has_other "$3 $4" "$known" && ! has_line "$3 $4" "$known"; then
    printf changed
  elif [[ -n $known ]] && shows_no_known_key "$1" "$known"; then
    printf changed
  elif has_other "$3 $4" "$listed"; then
    printf contradicted
  elif has_line "$3 $4" "$known"; then
    printf known
  elif [[ $verified == yes ]]; then
    printf listed
  else
    printf new
  fi
}

# has_other KEY KEYS: another key of the same kind is among them. All keys are `TYPE KEY`.
has_other() { awk -v key="$1" '$1 == substr(key, 1, index(key, " ") - 1) && $0 != key { found = 1 } END { exit !found }' <<<"$2"; }

# shows_no_known_key NODE KEYS: it has shown none of them: an impostor would show one of another kind, which looks like a new one.
shows_no_known_key() {
  awk -v node="$1" '
    FILENAME == ARGV[1] { if ($1 == node) shown[$3 " " $4]; next }
    $0 in shown { found = 1 }
    END { exit found }' "$SCRATCH/scanned" - <<<"$2"
}

# keys_in FILE NAME [MARKER]: TYPE KEY of what the file has for the name, as ssh itself reads it: hashed names, patterns, and @revoked if that
# is the marker. No such name is not an error.
keys_in() {
  { ssh-keygen -F "$2" -f "$1" 2>>"$SCRATCH/stderr" || :; } | awk -v marker="${3-}" '
    { gsub(/\r/, "") }
    /^#/ { next }
    /^@/ { if ($1 == marker) print $3, $4; next }
    marker == "" { print $2, $3 }'
}

# known_keys NAME [MARKER]: the same of all files that ssh looks into.
known_keys() {
  local at
  for at in "${!KNOWN_FILES[@]}"; do keys_in "${KNOWN_FILES[at]}" "$@"; done
}

# keys_listed LISTER NODE [MARKER]: the same of that controller's list. The director writes `[ADDRESS]*`, which means any port to ssh, but 22.
keys_listed() {
  local name
  for name in "${NODE_ADDRESS[$2]}" "[${NODE_ADDRESS[$2]}]:$SSH_PORT"; do keys_in "$SCRATCH/list-$1" "$name" "${@:3}"; done
}

# is_same_host LISTER NODE KEY: a list does not count for the host that it is of, under whichever name and address: whoever shows the same key
# is the same host.
is_same_host() { [[ $1 == "$2" ]] || has_line "$3" "$(shown_by "$1")"; }

# shown_by NODE: TYPE KEY of what it has shown.
shown_by() { awk -v node="$1" '$1 == node { print $3, $4 }' "$SCRATCH/scanned" 2>>"$SCRATCH/stderr" || :; }

# verifies LISTER NODE KEY: does its list count for this key? Two controllers whose keys are not known could both be one impostor, who has each list the
# other: so of these the second does not count for the first, whose key people compare. Nor does any for the jump host, since it is asked
# through that.
verifies() {
  if has_line "$3" "$(keys_of_jump)" || is_jump "$2"; then return 1; fi
  [[ " ${KNOWN_LISTERS[*]-} " == *" $1 "* || $2 != "${LISTERS[0]}" ]]
}

# keys_of_jump: TYPE KEY of each host of ssh's ProxyJump.
keys_of_jump() {
  local hop
  jump_hops | while read -r hop; do known_keys "$hop"; done
}

# is_jump NODE: it is named in ProxyJump.
is_jump() {
  local hop SAID
  while read -r hop; do
    hop=${hop#\[}
    hop=${hop%%\]*}
    if [[ $hop == "${NODE_ADDRESS[$1]}" ]] || is_host_of "$hop" "$1"; then return 0; fi
  done < <(jump_hops)
  return 1
}

# jump_hops: the hosts of ProxyJump, as known_hosts names them.
jump_hops() {
  local jump hop port SAID
  local -a hops WAY
  jump=$(ssh_setting proxyjump)
  if [[ -z $jump || $jump == none ]]; then return 0; fi
  IFS=, read -r -a hops <<<"$jump"
  for hop in "${hops[@]}"; do
    jump_way "$hop"
    port=22
    if [[ ${WAY[*]} == *' Port='* ]]; then port=${hop##*:}; fi
    name_in_known_hosts "${WAY[${#WAY[@]} - 1]##*@}" "$port"
    printf '%s\n' "$SAID"
  done
}

# The controllers whose lists were taken, and those of them that were known before.
LISTERS=() KNOWN_LISTERS=()

# What the controllers know of the others, from two of them if possible, those first whose keys are known. Each is asked over its known keys,
# else over those just gathered, checked as strictly as ever.
fetch_controllers_lists() {
  local node SAID keys pass
  LISTERS=() KNOWN_LISTERS=()
  for pass in known shown; do
    for node in "${NODES[@]}"; do
      if ((${#LISTERS[@]} == 2)); then return; fi
      if ! node_is "$node" controllers; then continue; fi
      name_in_known_hosts "${NODE_ADDRESS[$node]}"
      keys=$(known_keys "$SAID")
      if [[ $pass == known && -z $keys || $pass == shown && -n $keys ]]; then continue; fi
      if [[ $pass == shown ]]; then keys=$(shown_by "$node"); fi
      awk -v name="$SAID" 'NF { print name, $0 }' <<<"$keys" >"$SCRATCH/lister"
      if ! fetch_list "$node"; then continue; fi
      LISTERS+=("$node")
      if [[ $pass == known ]]; then KNOWN_LISTERS+=("$node"); fi
    done
  done
}

# fetch_list NODE: into $SCRATCH/list-NODE, over the keys in $SCRATCH/lister. A list without an end does not fill the disk.
fetch_list() {
  local -a WAY
  ssh_way "${NODE_ADDRESS[$1]}"
  # (in braces, since this shell too reports what the limit has ended)
  {
    (
      ulimit -f 16384
      only_ssh timeout 60 ssh -n -o ControlMaster=no -S none -o UserKnownHostsFile="$SCRATCH/lister" \
        -o GlobalKnownHostsFile=/dev/null "${WAY[@]}" cat /etc/ssh/ssh_known_hosts
    ) >"$SCRATCH/list-$1" && [[ -s $SCRATCH/list-$1 ]]
  } 2>>"$SCRATCH/stderr"
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
  find_known_files
  gate_known_files
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
  local listers
  awk -F '\t' '$5 == "new" || $5 == "listed" { print $2, $3, $4 }' "$SCRATCH/keys" >"$SCRATCH/new"
  if [[ ! -s $SCRATCH/new ]]; then
    say 'every key that was gathered is known; nothing to write'
    return
  fi
  if [[ -e $KNOWN_HOSTS && (! -f $KNOWN_HOSTS || ! -w $KNOWN_HOSTS) ]]; then
    gate_refuse "keys cannot be written to $KNOWN_HOSTS" "name another file in the spec, or see what that one is: ls -l $(quoted "$KNOWN_HOSTS")"
  fi
  listers=${LISTERS[*]-}
  say "listed: another controller's list${listers:+ (${listers// /, })} has the same key. new: not verified by any controller; compare it on the node's console with"
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
