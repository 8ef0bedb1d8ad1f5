# What the backups use on any host: folders that are root's alone, room with a reserve.

load ../helpers

setup() {
  bundle_up
  FOLDER="$BATS_TEST_TMPDIR/var/tmp"
  mkdir -p "$FOLDER"
}

private() { words '. "$BUNDLE/lib/systems/backup.sh"; make_private_folder '"$1"; }

# a folder of another user: made so by root, or else one of the system's
somebody_elses() {
  local folder=$FOLDER/others
  mkdir -- "$folder"
  if [[ $EUID != 0 ]] || ! chown 65534 "$folder" 2>/dev/null; then folder=$(find / /proc -maxdepth 1 -type d ! -user "$(id -u)" -print -quit 2>/dev/null); fi
  printf '%s' "$folder"
}

@test "a folder for what is secret is made, and closed to others where it was there" {
  private "$FOLDER/mine"
  exits 0
  chmod 0755 "$FOLDER/mine"
  private "$FOLDER/mine"
  exits 0
  same 700 "$(stat -c %a "$FOLDER/mine")"
}

@test "a folder of somebody else, a link and a file are not used" {
  local place
  mkdir "$FOLDER/elsewhere"
  ln -s elsewhere "$FOLDER/link"
  : >"$FOLDER/file"
  for place in "$(somebody_elses)" "$FOLDER/link" "$FOLDER/file"; do
    private "$place"
    exits 1
    has "$place exists, and is not a folder owned by root"
  done
}

@test "a folder that was open, and in which somebody has put a link, is not used; one with root's own files is" {
  local place=$BATS_TEST_TMPDIR/open
  mkdir -m 0777 "$place"
  : >"$place/dump.sql"
  private "$place"
  exits 0
  ln -s /etc/passwd "$place/dump-2.sql"
  private "$place"
  exits 1
  has "$place holds links, or files of other users"
}

@test "a copy is intact where it holds the very state of the backup that was copied, and each of its files is right" {
  local place=$BATS_TEST_TMPDIR/copy sums
  mkdir "$place"
  printf 'a dump\n' >"$place/dump.sql"
  (cd -- "$place" && sha256sum dump.sql >SHA256SUMS)
  sums=$(sha256sum <"$place/SHA256SUMS")
  words '. "$BUNDLE/lib/systems/copy.sh"
    state() { copy_state '"$place ${sums%% *}"'; }
    state; cp '"$place/dump.sql"' "$WORLD"; echo cut >'"$place/dump.sql"'; state; cp "$WORLD/dump.sql" '"$place"'
    (cd '"$place"'; echo more >more.sql; sha256sum more.sql >>SHA256SUMS); state; rm '"$place/SHA256SUMS"'; state'
  same 'is intact|has files that differ|belongs to another state of the backup|is not there' "$(paste -sd'|' <<<"$output")"
}

@test "2.02: a dump of MongoDB without its oplog is not packed" {
  mkdir "$WORLD/dump"
  words ". '$REPOSITORY/templates/2.02-back-up-control-plane/dump_mongodb.sh'; . lib/systems/backup.sh"'
    pack_mongodb "$WORLD/dump" || echo no; : >"$WORLD/dump/oplog.bson"; pack_mongodb "$WORLD/dump"; tar --list --file "$WORLD/dump.tar"'
  same 'the dump has no oplog|no|dump/|dump/oplog.bson' "$(paste -sd'|' <<<"$output")"
}
