create_copies_requires() { for_every_copy original_is_off && for_every_copy snapshot_or_gone && for_every_copy room_or_copy; }
create_copies_satisfied() { for_every_copy is_on_record && for_every_copy copy_is_active && for_every_copy copy_is_equal; }
create_copies_apply() { with_each_original copy_original; }
create_copies_verify() { for_every_copy copy_is_active && for_every_copy copy_is_equal; }

copy_original() {
  local server=$1 rc=$2
  when_no has_copy "$server" -- create_copy "$server" "$rc"
  await_copy "$server" "$rc"
}

create_copy() {
  local server=$1 rc=$2 flavor image name
  detach_ports "$server" "$rc"
  flavor=$(nfv_word "$server" flavor)
  image=$(snapshots_of "$server" "$rc")
  name=$(copy_name "$server")
  words_for_copy "$server" "$rc"
  # departs: create
  attempt with_rc "$rc" openstack server create --flavor "$flavor" --image "${image%% *}" "${COPY_WORDS[@]}" "$name"
}

# words_for_copy SERVER RC_FILE: COPY_WORDS are the ports, the key and the zone of the original, and ask for the id alone as the answer.
words_for_copy() {
  local server=$1 rc=$2 key zone words
  words=$(words_for_ports "$server" "$rc")
  COPY_WORDS=()
  # one word per line
  if [[ -n $words ]]; then mapfile -t COPY_WORDS <<<"$words"; fi
  key=$(nfv_word "$server" key)
  zone=$(nfv_word "$server" zone)
  if [[ -n $key ]]; then COPY_WORDS+=(--key-name "$key"); fi
  if [[ -n $zone ]]; then COPY_WORDS+=(--availability-zone "$zone"); fi
  COPY_WORDS+=(-f value -c id)
}

# A port serves one instance at a time: those of the original go to its copy. Whatever the copy needs is there before that.
detach_ports() {
  local server=$1 rc=$2 id ports attached port
  insist original_is "$server" SHUTOFF
  insist snapshot_is_good "$server" "$rc"
  insist copy_may_have_room "$server" "$rc"
  id=$(nfv_word "$server" id)
  # an original that was restored may have other ports than when it was recorded
  ports=$(describe_ports "$rc" "$id")
  add_to_nfv_record "$server" "$ports"
  attached=$(awk '{ print $2 }' <<<"$ports")
  for port in $attached; do
    # departs: port
    when_yes port_is_attached "$server" "$rc" "$port" -- with_rc "$rc" nova interface-detach "$id" "$port"
    wait_until 120 "the port $port to be free" opposite port_is_attached "$server" "$rc" "$port"
  done
}

# If there is no room after all, the copy is in ERROR and the original without its ports: that is said with the way back.
await_copy() {
  local server=$1 rc=$2
  when_yes has_copy "$server" -- wait_until "$TIMEOUT_MIGRATE_PER_INSTANCE" "the copy of $server to be built" copy_is_built "$server"
  answer copy_is_active "$server"
  if [[ $ANSWER == no ]]; then
    tell_way_back "$server" "$rc"
    give_up "$WHY; $server has no ports now: the commands to restore it are above"
  fi
}
