# The safe place away from the undercloud, backup.copy_to: a mounted folder, or USER@HOST:/PATH. Each backup keeps its folder's name
# there, under the site and the change, and counts as copied when every checksum is right at the far end.

copies_far() { [[ $COPY_TO == *:/* ]]; }

# ssh takes an IPv6 address without the brackets that separate it from the path.
copy_host() {
  local host=${COPY_TO%%:/*}
  host=${host/\[/}
  printf '%s' "${host/\]/}"
}

copy_path() {
  local path=$COPY_TO
  if copies_far; then path=/${COPY_TO#*:/}; fi
  printf '%s/%s/%s' "${path%/}" "$SITE_NAME" "$CHANGE"
}

# copy_way: sets WAY to the options and the login for the host of the safe place. Like a node, it is reached as the spec says, whatever the
# user's configuration has for it.
copy_way() {
  local SAID host user=$UNDERCLOUD_USER port
  host=$(copy_host)
  if [[ $host == *@* ]]; then user=${host%%@*}; fi
  # (in small letters, as ssh looks a name up)
  host=$(tr '[:upper:]' '[:lower:]' <<<"${host#*@}")
  port=$(with_words_of COPY_OPTIONS ssh_setting port)
  name_in_known_hosts "$host" "${port:-22}"
  with_words_of COPY_OPTIONS begin_way "${SSH_FIXED[@]}"
  WAY+=("${SSH_OPTIONS[@]}" -o HostKeyAlias="$SAID" "$user@$host")
}
begin_way() { WAY=("$@"); }

# at_copy FUNCTION [ARG...]: runs one of our functions at the safe place: by its own user there, or by root where it is mounted here.
at_copy() {
  local status=0
  local -a WAY
  if copies_far; then
    copy_way
    function_text "$@" || return
    (only_ssh_in_time ssh -o ControlMaster=no "${WAY[@]}" bash -s <<<"$SAID") || status=$?
    if ((status == 124)); then has_not_answered "$(copy_host)" "${COMMAND_LIMIT[2]}"; fi
    return "$status"
  else
    as_root "$@"
  fi
}

# Run there: intact, or what is wrong with it. A copy of another backup has other checksums on record.
copy_state() {
  local place=$1 sums=$2 found
  if [[ ! -e $place/SHA256SUMS ]]; then
    printf 'is not there\n'
    return
  fi
  cd -- "$place" || return
  found=$(sha256sum <SHA256SUMS)
  if [[ ${found%% *} != "$sums" ]]; then
    printf 'belongs to another state of the backup\n'
  elif sha256sum --check --status SHA256SUMS; then
    printf 'is intact\n'
  else
    printf 'has files that differ\n'
  fi
}

# backup_is_copied KIND: the newest backup is at the safe place, and its checksums were verified there again.
backup_is_copied() {
  local facts set sums there state
  patiently hear_root look_at_backup "$BACKUP_DIR/$CHANGE" "$1" || return 2
  facts=$SAID
  facts_are_young "$1" "$facts" || return
  find_fact set "$facts" || return 2
  set=$SAID
  sums=$(in_time sudo sha256sum -- "$set/SHA256SUMS") || return 2
  there="$(copy_path)/${set##*/}"
  state=$(patiently at_copy copy_state "$there" "${sums%% *}") || {
    copy_does_not_answer
    return 2
  }
  why_at_last "the host of backup.copy_to says something else than was asked: $(plain "${state:0:60}")" \
    "there, print it in interactive shells only; in ~/.bashrc (or /etc/bashrc) put before it: [[ \$- == *i* ]] &&"
  [[ $state == @('is '*|'has '*|'belongs '*) && $state != *$'\n'* ]] || return 2
  why "the copy $there $state"
  [[ $state == 'is intact' ]]
}

copy_does_not_answer() {
  why "backup.copy_to $COPY_TO cannot be reached: $(said_last)" \
    "check that the host is up, takes the key of $UNDERCLOUD_USER, and that its host key is known; if ssh $(copy_host) by hand reaches it by what ~/.ssh/config says, say that in backup.copy_options of the spec"
}

# copy_has_room KIND: the safe place is up, is not this host's own disk, and has room.
copy_has_room() {
  local set bytes free
  set=$(backup_set "$1") || return 2
  patiently hear_root measure - "$set" || return 2
  bytes=$SAID
  free=$(at_copy free_bytes "$(copy_path)") || {
    copy_does_not_answer
    return 2
  }
  room_for "$COPY_TO" "$free" "$bytes"
}

# A folder that is not mounted is on the undercloud's own disk, and so not a safe place.
copy_is_elsewhere() {
  local ours theirs
  if copies_far; then return 0; fi
  hear_root file_system_of "$COPY_TO" || return 2
  theirs=$SAID
  why "$COPY_TO is not there" "mount it there: a folder on the undercloud itself is not an off-host copy"
  [[ -n $theirs ]] || return 1
  hear_root file_system_of "$BACKUP_DIR" || return 2
  ours=$SAID
  why "$COPY_TO is on the same file system as $BACKUP_DIR" "mount it: mount $COPY_TO"
  [[ $theirs != "$ours" ]]
}

# Run by root: nothing where there is no such folder.
file_system_of() {
  if [[ -e $1 ]]; then df --output=source -- "$1" | awk 'NR == 2 { print $1 }'; fi
}

# copy_backup KIND: for an apply.
copy_backup() {
  local set there
  local -a WAY
  set=$(backup_set "$1")
  there="$(copy_path)/${set##*/}"
  at_copy make_copy_folder "$there"
  if copies_far; then
    copy_way
    in_time sudo tar --create --directory "$set" . | (only_ssh_in_time ssh -o ControlMaster=no "${WAY[@]}" "tar --extract --directory $(quoted "$there")")
  else
    in_time sudo cp --recursive --preserve=timestamps -- "$set/." "$there"
  fi
}

make_copy_folder() { mkdir --parents -- "$1"; }

# Without copy_to the operator copies, and says where to; that answer is kept beside the backup.
read_word_of_copy() {
  if [[ -e $1/copied-to ]]; then cat -- "$1/copied-to"; fi
}

write_word_of_copy() { write_record "$1/copied-to" "$2"; }

copy_is_acknowledged() {
  local facts set word
  patiently hear_root look_at_backup "$BACKUP_DIR/$CHANGE" "$1" || return 2
  facts=$SAID
  facts_are_young "$1" "$facts" || return
  find_fact set "$facts" || return 2
  set=$SAID
  hear_root read_word_of_copy "$set" || return 2
  word=$SAID
  why "the copy of $set has not been confirmed"
  if [[ -n $word ]]; then why "copied to $word"; fi
  [[ -n $word ]]
}

# ask_for_copy KIND: for an attended step, with the terminal on stdin.
ask_for_copy() {
  local set place=''
  set=$(backup_set "$1")
  note "copy this folder to another host, and check it there:"
  note "  $set        (in the copy: sha256sum --check SHA256SUMS)"
  if [[ -t 0 ]]; then
    ask_operator 'where did you copy it? Enter alone stops here:'
    place=$REPLY
  fi
  if [[ -z $place ]]; then hand_over "when it is copied, run this again on a terminal, and type where it is"; fi
  as_root write_word_of_copy "$set" "$(plain "$place") ($(date --utc +%Y-%m-%dT%H:%M:%SZ), $WHO)"
}
