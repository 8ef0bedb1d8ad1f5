# What goes to the ticket: a summary to read, and what it is made of, all without secrets: journal, logs, evidence, manifest, where the
# backups are, and the packages of every host before and after.

pack_evidence() {
  local now name journalled
  # sourced below: nobody else may write them
  gate_own_files "$UNDERCLOUD_HOME"/*rc "$UNDERCLOUD_HOME"/*rc.v3
  now=$(date --utc +%Y%m%d-%H%M%S)
  name=evidence-$SITE_NAME-$CHANGE-$now
  working_on 'asking every host for its packages'
  keep_software after
  working_on 'taking the secrets out of the records'
  if ! gather_evidence "$SCRATCH/$name" ||
    ! tar --create --gzip --file "$STATE/$name.tar.gz.part" --directory "$SCRATCH" -- "$name" 2>>"$SCRATCH/stderr"; then
    rm --force -- "$STATE/$name.tar.gz.part"
    working_on ''
    gate_refuse "the evidence cannot be packed: $(tail --lines=1 -- "$SCRATCH/stderr")" \
      "make room: df -h $(quoted "$STATE") $(quoted "$SCRATCH"); then: ./runbook evidence"
  fi
  sync
  mv -- "$STATE/$name.tar.gz.part" "$STATE/$name.tar.gz"
  journal - - evidence "$name.tar.gz"
  working_on ''
  say "$STATE/$name.tar.gz"
  read -r journalled <"$SCRATCH/$name/journal-check.txt" || :
  say "sha256 $(sha256sum <"$STATE/$name.tar.gz" | cut --delimiter=' ' --fields=1)"
  say "journal: $journalled"
  tell_unlisted
}

# working_on TEXT: shown on a terminal until the next one, or until there is something to say (TEXT is then empty); nowhere else.
working_on() {
  if [[ $REDRAW == yes ]]; then { printf '\r\e[?7l%s\e[K\e[?7h' "${1:+$1 ...}" >/dev/tty; } 2>/dev/null || :; fi
}

# gather_evidence FOLDER: fails where something of it cannot be written.
gather_evidence() {
  {
    mkdir -- "$1" "$1/logs" "$1/evidence" "$1/software" && list_secrets >"$SCRATCH/secrets" && copy_clean "$1" &&
      cp -- manifest.json SHA256SUMS lib/nodes.tsv lib/waivers.tsv lib/accepted.tsv "$1/" && printf '%s\n' "$DIGEST" >"$1/digest" &&
      write_facts >"$1/facts.tsv" && judge_journal >"$1/journal-check.txt"
  } 2>>"$SCRATCH/stderr" || return
  # a hostile record may prevent the summary, but not the copies
  if ! report software "$1" 2>>"$SCRATCH/stderr"; then complain "the packages before and after cannot be compared: $(said_last)"; fi
  if ! report summary "$1" "$SITE_LANGUAGE" 2>>"$SCRATCH/stderr"; then complain "the summary cannot be made: $(said_last)"; fi
}

# tell_unlisted: says which hosts' packages after the change are not in the archive.
tell_unlisted() {
  local hosts
  if [[ ! -s $SCRATCH/unlisted ]]; then return 0; fi
  hosts=$(cut --fields=1 "$SCRATCH/unlisted" | paste --serial --delimiters=' ')
  say "no packages after the change are known of: $hosts; once they answer: ./runbook evidence"
}

# report PROGRAM [ARG...]: one of lib/report, which read records, with the Python that is there.
report() {
  local python
  python_into python
  "$python" -S "$COPY/lib/report/$1.py" "${@:2}"
}

# judge_journal: prints whether it is as it was written, and ends with 0 in either case. Not of the copy, which may lack a secret.
judge_journal() {
  local status=0
  report chain "$JOURNAL" "$STATE/journal.last" || status=$?
  ((status < 2))
}

# write_facts: what the summary says beside the records, `WORD VALUE...` a line, tabs between.
write_facts() {
  local mark kind
  printf 'packed\t%s\t%s\n' "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" "$WHO"
  for mark in "$STATE"/rebooting-*; do
    if [[ -e $mark ]]; then printf 'rebooting\t%s\n' "$(plain "${mark##*/rebooting-}")"; fi
  done
  printf 'copy_to\t%s\n' "$(plain "$COPY_TO")"
  awk -F '\t' -v OFS='\t' '{ print "unlisted", $1, $3 }' "$SCRATCH/unlisted"
  for kind in undercloud control_plane; do
    # (a backup that cannot be read is reported; the ticket can be closed all the same)
    if hear_root tell_backups "$BACKUP_DIR/$CHANGE" "$kind"; then
      printf '%s\n' "$SAID"
    else
      printf 'backup_unknown\t%s\t%s\n' "$kind" "$(plain "$(said_last)")"
    fi
  done
}

# Run by root: every backup of that kind, with the checksums on record: 2.14 computes them again. Columns: WORD KIND, then the folder and its
# start (seconds since 1970), a piece and its checksum, or where it was copied to.
tell_backups() {
  local folder=$1 kind=$2 place sum piece
  for place in "$folder/$kind"-*; do
    if [[ ! -d $place ]]; then continue; fi
    printf 'backup\t%s\t%s\t%s\n' "$kind" "$place" "$(cat -- "$place/started")"
    while read -r sum piece; do
      printf 'piece\t%s\t%s\t%s\n' "$kind" "$piece" "$sum"
    done <"$place/SHA256SUMS"
    if [[ -e $place/copied-to ]]; then printf 'copied\t%s\t%s\n' "$kind" "$(cat -- "$place/copied-to")"; fi
  done
}

# copy_clean FOLDER: the records without secrets; cleaned.tsv counts those of each file.
copy_clean() {
  local file to=$1 option=''
  if [[ $REDRAW == yes ]]; then option=--tty; fi
  set --
  for file in "$STATE"/journal.tsv "$STATE"/attested.tsv "$STATE"/approved "$STATE"/journal.last "$STATE"/logs/* "$STATE"/evidence/* "$STATE"/software/*; do
    if [[ -f $file ]]; then set -- "$@" "${file#"$STATE"/}"; fi
  done
  report clean ${option:+"$option"} "$SCRATCH/secrets" "$STATE" "$to" "$@" >"$to/cleaned.tsv"
}

# The passwords in the rc files of this user and of the site's tenants, and those that the undercloud's installer has written down: their exact
# text is taken out wherever a tool has printed it.
list_secrets() {
  local file
  {
    for file in "$UNDERCLOUD_HOME"/*rc "$UNDERCLOUD_HOME"/*rc.v3; do printf '%s\n' "$file"; done
    awk -F '\t' '!/^#/ { print $2 }' "$COPY/lib/nfv_instances.tsv"
  } | while IFS= read -r file; do
    if [[ -r $file && -f $file ]]; then secrets_of_rc "$file"; fi
  done
  for file in "$UNDERCLOUD_HOME"/undercloud-passwords.conf "$UNDERCLOUD_HOME"/tripleo-overcloud-passwords; do
    if [[ -r $file && -f $file ]]; then sed --quiet 's/^[A-Za-z0-9_]*= *//p' "$file"; fi
  done
}

# Sourced as for a client, whatever quotes the file has.
secrets_of_rc() (
  take_rc "$1"
  printf '%s\n' "${OS_PASSWORD-}" "${OS_TOKEN-}" "${OS_SERVICE_TOKEN-}"
)
