backups_kept_check() {
  list_backup undercloud
  list_backup control_plane
  pass_unless_found "every file of both backups matches its checksum${COPY_TO:+; copies are at $COPY_TO}"
}

# list_backup KIND: each piece with its place and its checksum, which is computed again now.
list_backup() {
  local facts set bad
  if ! facts=$(patiently as_root look_at_backup "$BACKUP_DIR/$CHANGE" "$1" ALL 2>"$SCRATCH/list.err"); then
    fail "cannot look at the backup of the ${1/_/ }: $(last_words "$SCRATCH/list.err" 'an error')" "sudo ls $BACKUP_DIR/$CHANGE"
    return
  fi
  set=$(fact_of set <<<"$facts")
  if [[ -z $set ]]; then
    fail "there is no backup of the ${1/_/ } under $BACKUP_DIR/$CHANGE" "run $(section_named "back-up-${1/_/-}")"
    return
  fi
  tell "$set"
  list_sums "$set"
  bad=$(awk '$1 == "missing" || $1 == "changed"' <<<"$facts")
  if [[ -n $bad ]]; then fail "in $set some files are missing or do not match their checksums" "sudo sh -c 'cd $set && sha256sum --check SHA256SUMS'"; fi
}

list_sums() {
  local sum piece
  while read -r sum piece; do
    tell "  $sum  $piece"
  done < <(in_time sudo cat -- "$1/SHA256SUMS")
}
