create_copies_requires() { for_every_copy original_is_off && for_every_copy snapshot_or_gone; }
create_copies_satisfied() { for_every_copy is_on_record && for_every_copy copy_is_active; }
create_copies_apply() { each_copy create_copy; }
create_copies_verify() { for_every_copy copy_is_active; }

create_copy() {
  local server=$1 rc=$2 flavor key zone image name copy nics
  local -a more=()
  copy=$(copy_id "$server")
  if [[ -z $copy ]]; then
    detach_ports "$server" "$rc"
    flavor=$(nfv_word "$server" flavor)
    key=$(nfv_word "$server" key)
    zone=$(nfv_word "$server" zone)
    image=$(snapshots_of "$server" "$rc")
    name=$(copy_name "$server")
    nics=$(nics_for "$server" "$rc")
    if [[ -n $key ]]; then more+=(--key-name "$key"); fi
    if [[ -n $zone ]]; then more+=(--availability-zone "$zone"); fi
    # one word a line, none with a blank in it
    # shellcheck disable=SC2206
    more+=($nics)
    # departs: create
    with_rc "$rc" openstack server create --flavor "$flavor" --image "${image%% *}" "${more[@]+"${more[@]}"}" -f value -c id "$name"
  fi
  wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "the copy of $server to be ACTIVE" copy_is_active "$server"
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
