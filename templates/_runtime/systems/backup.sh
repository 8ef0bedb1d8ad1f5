# Backups: each is a folder of root's, named after the time it was started. A stale one stays, and a new one is made beside it.
#
#   $BACKUP_DIR/$CHANGE/undercloud-2026-11-22-135631/
#     started       seconds since 1970, when the oldest piece was started: the age counts from here
#     SHA256SUMS    the pieces that are whole, as `sha256sum --check` reads them
#
# KIND is undercloud or control_plane. In the name of a piece STAMP stands for the time in its folder's name.

# The pieces that a backup must have; the dumps of MongoDB and Redis lie beside them where these run.
backup_pieces() {
  case $1 in
    undercloud) printf '%s\n' undercloud-all-databases.sql undercloud-backup-STAMP.tar ;;
    control_plane)
      printf '%s\n' openstack_databases-STAMP.sql openstack_databases_grants-STAMP.sql
      nodes_in control_plane | sed 's/$/-filesystem-STAMP.tar.gz/'
      ;;
  esac
}

# Run by root. look_at_backup FOLDER KIND [PIECE...]: prints the newest folder, when it was started, and whether each named piece is intact,
# changed or missing. ALL names every piece on record.
look_at_backup() {
  local folder=$1 kind=$2 place set='' stamp piece row line started
  shift 2
  for place in "$folder/$kind"-*; do
    if [[ -d $place ]]; then set=$place; fi
  done
  if [[ -z $set ]]; then return 0; fi
  started=$(<"$set/started")
  printf 'set %s\nstarted %s\n' "$set" "$started"
  stamp=${set##*/"$kind"-}
  cd -- "$set" || return
  for piece in "$@"; do
    piece=${piece//STAMP/"$stamp"}
    line=''
    while IFS= read -r row; do
      if [[ $piece == ALL || ${row:66} == "$piece" ]]; then line+=${line:+$'\n'}$row; fi
    done <SHA256SUMS
    if [[ -z $line ]]; then
      printf 'missing %s\n' "$piece"
    elif sha256sum --check --status <<<"$line"; then
      printf 'intact %s\n' "$piece"
    else
      printf 'changed %s\n' "$piece"
    fi
  done
}

# backup_is_young KIND: this change has started one, and not too long ago. With OSP_READINESS, which counts for --status alone, its age does
# not matter.
backup_is_young() {
  local facts
  patiently hear_root look_at_backup "$BACKUP_DIR/$CHANGE" "$1" || return 2
  facts=$SAID
  facts_are_young "$1" "$facts"
}

facts_are_young() {
  local set started now age section
  section=$(section_named "back-up-${1/_/-}") || return 2
  find_fact set "$2" || return 2
  set=$SAID
  if [[ -z $set ]]; then
    why "change $CHANGE has no backup of the ${1/_/ } under $BACKUP_DIR" "$section"
    return 1
  fi
  find_fact started "$2" || return 2
  started=$SAID
  now=$(date +%s) || return 2
  if [[ ! $started =~ ^[1-9][0-9]{0,17}$ ]] || ((started > now + 300)); then
    why "$set/started holds a time in the future, or none: ${started:-nothing}" "look at the clock, and at $set"
    return 2
  fi
  duration_into age $((now - started))
  why "$set is $age old"
  if [[ $MODE == status && ${OSP_READINESS:-no} == yes ]] || ((now - started <= MAXIMUM_AGE_HOURS * 3600)); then return 0; fi
  why "$set is $age old; the limit is $MAXIMUM_AGE_HOURS h" "run $section for a new one (this one is kept)"
  return 1
}

# backup_keeps KIND PIECE...: the newest backup is young, and these pieces are there as they were recorded.
backup_keeps() {
  local kind=$1 facts set line bad=''
  shift
  patiently hear_root look_at_backup "$BACKUP_DIR/$CHANGE" "$kind" "$@" || return 2
  facts=$SAID
  facts_are_young "$kind" "$facts" || return
  find_fact set "$facts" || return 2
  set=$SAID
  while IFS= read -r line; do
    if [[ $line == 'missing '* || $line == 'changed '* ]]; then bad+=${bad:+$'\n'}$line; fi
  done <<<"$facts"
  if [[ -n $bad ]]; then
    why "in $set: ${bad//$'\n'/, }"
    return 1
  fi
  why "in $set"
}

# backup_is_fresh KIND: for the gates of later sections. Whole, every checksum as recorded, younger than the limit.
backup_is_fresh() {
  local list
  local -a pieces
  list=$(backup_pieces "$1") || return 2
  mapfile -t pieces <<<"$list"
  backup_keeps "$1" ALL "${pieces[@]}"
}

# backup_set KIND: prints the newest folder. For an apply, which has it from the first step.
backup_set() {
  local facts
  patiently hear_root look_at_backup "$BACKUP_DIR/$CHANGE" "$1" || return 2
  facts=$SAID
  value_of set <<<"$facts"
}

# stamp_of SET: 2026-11-22-135631; chosen once, so that no name changes at midnight.
stamp_of() {
  local name=${1##*/}
  printf '%s' "${name#*-}"
}

begin_backup() {
  local now stamp
  now=$(date +%s)
  stamp=$(date --utc --date="@$now" +%F-%H%M%S)
  as_root make_backup_folder "$BACKUP_DIR/$CHANGE" "$1-$stamp" "$now"
}

# Run by root: the folder appears whole, with its time in it.
make_backup_folder() {
  local folder=$1 name=$2 now=$3
  mkdir --parents -- "$folder"
  chmod 0700 -- "$folder"
  rm --recursive --force -- "$folder/.new"
  mkdir -- "$folder/.new"
  printf '%s\n' "$now" >"$folder/.new/started"
  : >"$folder/.new/SHA256SUMS"
  publish_folder "$folder/.new" "$folder/$name"
}

# keep_piece SET PIECE: SET/PIECE.part is whole; it gets its name and its checksum.
keep_piece() { as_root name_and_record "$@"; }

name_and_record() {
  local set=$1 piece=$2 sum sums
  chmod 0600 -- "$set/$piece.part"
  sum=$(sha256sum <"$set/$piece.part")
  sync
  mv -- "$set/$piece.part" "$set/$piece"
  sums=$(awk -v piece="$piece" 'substr($0, 67) != piece' "$set/SHA256SUMS")
  write_record "$set/SHA256SUMS" "$sums${sums:+$'\n'}${sum%% *}  $piece"
}

# archive_must_be_whole FILE: run by root. Where tar can seek, it skips the contents and does not notice a missing end, so it reads from a
# pipe. An archive that was cut between two files it lists without an error, but not the blocks of zeros that end one.
archive_must_be_whole() {
  local last
  last=$(cat -- "$1" | tar --list --block-number --file - | tail --lines=1) || return
  if [[ ! $last =~ ^block\ [0-9]+:\ \*\*\ Block\ of\ NULs\ \*\*$ ]]; then
    printf '%s is truncated: the end of the archive is missing\n' "$1" >&2
    return 1
  fi
}

# fetch_piece NODE FILE SET PIECE: moves root's file from a node into the backup; the checksums at both ends must agree. It is removed from
# the node before it is recorded here: a run that is cut short between the two makes it again, and no node keeps one for good.
fetch_piece() {
  local node=$1 file=$2 set=$3 piece=$4 there here
  on "$node" sudo cat -- "$file" | in_time sudo tee -- "$set/$piece.part" >/dev/null
  there=$(patiently on "$node" sudo sha256sum -- "$file")
  here=$(in_time sudo sha256sum -- "$set/$piece.part")
  here=${here%% *}
  if [[ $there != "$here "* ]]; then
    complain "the checksum of $file on $node is ${there:0:${#here}}, but that of the file that arrived is $here"
    exit 1
  fi
  in_time sync
  on "$node" sudo rm -- "$file"
  keep_piece "$set" "$piece"
}

# Run by root on a node: what earlier attempts have left there of pieces that never arrived. The name of each has the time of its backup, so that
# no later attempt would write over it.
drop_pieces_left() {
  local folder stamp='[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]'
  for folder in /var/tmp/{mysql,mongo,filesystem}_backup; do
    # a folder of somebody else's is left alone, and so is what has another name
    if [[ -L $folder || ! -d $folder || ! -O $folder ]]; then continue; fi
    find "$folder" -mindepth 1 -maxdepth 1 \( -name "openstack_databases-$stamp.sql" -o -name "$stamp" -o -name "$stamp.tar" -o \
      -name "*-filesystem-$stamp.tar.gz" \) -exec rm --recursive --force -- {} +
  done
}

# may_end_with STATUS COMMAND [ARG...]: for a tool that says "done, but" with a status of its own.
may_end_with() {
  local allowed=$1 status
  shift
  set +e
  "$@"
  status=$?
  set -e
  if [[ $status != 0 && $status != "$allowed" ]]; then
    complain "$1 ended with $status"
    exit 1
  fi
}

# Run by root, on any host: a folder in /var/tmp, where everybody may write, that is root's alone.
make_private_folder() {
  # made first and checked afterwards: somebody who makes it meanwhile owns it for good, since the folder above it is sticky
  mkdir -- "$1" 2>/dev/null || :
  if [[ -L $1 || ! -d $1 || ! -O $1 ]]; then
    printf '%s exists, and is not a folder owned by root\n' "$1" >&2
    return 1
  fi
  chmod 0700 -- "$1"
  # (it may have been open to everybody until now: root would write through a link that has the name of a dump)
  if [[ -n $(find "$1" -mindepth 1 \( -type l -o ! -uid "$EUID" \) -print -quit) ]]; then
    printf '%s holds links, or files of other users\n' "$1" >&2
    return 1
  fi
}

# Run by root: the bytes of what is there of these paths, without one folder. measure WITHOUT PATH...
measure() {
  local without=$1 path
  local -a there=()
  shift
  for path in "$@"; do
    if [[ -e $path ]]; then there+=("$path"); fi
  done
  if ((${#there[@]} == 0)); then
    printf '0\n'
    return
  fi
  # a log that goes away meanwhile makes du end with 1; the total is good all the same
  { du --bytes --summarize --total --exclude="$without" -- "${there[@]}" || :; } | awk 'END { print $1 }'
}

# backup_dir_has_room BYTES
backup_dir_has_room() {
  local free
  hear_root free_bytes "$BACKUP_DIR" || return 2
  free=$SAID
  room_for "$BACKUP_DIR" "$free" "$1" "$MINIMUM_FREE_GB"
}

# backup_dir_is_private: not everybody can write there. A folder that does not exist yet is made so.
backup_dir_is_private() {
  local open
  hear_root find_open_folder "$BACKUP_DIR" || return 2
  open=$SAID
  why "$BACKUP_DIR is world-writable" "let nobody else write there, or set another backup.directory in the spec ;; here: sudo chmod o-w $(quoted "$BACKUP_DIR")"
  [[ -z $open ]]
}

find_open_folder() {
  if [[ -d $1 ]]; then find "$1" -maxdepth 0 -perm -0002; fi
}
