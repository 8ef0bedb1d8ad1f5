create_copies_requires() { for_every_copy original_is_off && for_every_copy snapshot_or_gone; }
create_copies_satisfied() { for_every_copy is_on_record && for_every_copy copy_is_active; }
create_copies_apply() {
  local server rc copy flavor image name
  while IFS=$'\t' read -r server rc <&3; do
    copy=$(copy_id "$server")
    if [[ -z $copy ]]; then
      detach_ports "$server" "$rc"
      flavor=$(nfv_word "$server" flavor)
      image=$(snapshots_of "$server" "$rc")
      name=$(copy_name "$server")
      words_for_copy "$server" "$rc"
      # departs: create
      with_rc "$rc" openstack server create --flavor "$flavor" --image "${image%% *}" "${COPY_WORDS[@]+"${COPY_WORDS[@]}"}" -f value -c id "$name"
    fi
    wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "the copy of $server to be ACTIVE" copy_is_active "$server"
  done 3<"$BUNDLE/lib/nfv_instances.tsv"
}
create_copies_verify() { for_every_copy copy_is_active; }

# words_for_copy SERVER RC_FILE: COPY_WORDS are the ports, the key and the zone of the original.
words_for_copy() {
  local server=$1 rc=$2 key zone nics
  nics=$(nics_for "$server" "$rc")
  COPY_WORDS=()
  # one word a line
  if [[ -n $nics ]]; then mapfile -t COPY_WORDS <<<"$nics"; fi
  key=$(nfv_word "$server" key)
  zone=$(nfv_word "$server" zone)
  if [[ -n $key ]]; then COPY_WORDS+=(--key-name "$key"); fi
  if [[ -n $zone ]]; then COPY_WORDS+=(--availability-zone "$zone"); fi
}

# A port serves one instance at a time; those of the original go over to its copy.
detach_ports() {
  local server=$1 rc=$2 id ports port
  id=$(nfv_word "$server" id)
  ports=$(nfv_word "$server" port | awk '{ print $1 }')
  for port in $ports; do
    # departs: port
    when_yes port_is_attached "$server" "$rc" "$port" -- with_rc "$rc" nova interface-detach "$id" "$port"
    wait_until 120 "the port $port to be free" opposite port_is_attached "$server" "$rc" "$port"
  done
}
