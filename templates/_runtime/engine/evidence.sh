# What goes to the ticket: journal, logs, evidence and the manifest, without secrets.

pack_evidence() {
  local now name
  now=$(date --utc +%Y%m%d-%H%M%S)
  name=evidence-$SITE_NAME-$CHANGE-$now
  if ! gather_evidence "$SCRATCH/$name" ||
    ! tar --create --gzip --file "$STATE/$name.tar.gz.part" --directory "$SCRATCH" -- "$name" 2>>"$SCRATCH/stderr"; then
    rm --force -- "$STATE/$name.tar.gz.part"
    gate_refuse "the evidence cannot be packed: $(tail --lines=1 -- "$SCRATCH/stderr")" \
      "make room: df -h $(quoted "$STATE") $(quoted "$SCRATCH"); then: ./runbook evidence"
  fi
  mv -- "$STATE/$name.tar.gz.part" "$STATE/$name.tar.gz"
  journal - - evidence "$name.tar.gz"
  say "$STATE/$name.tar.gz"
  say "sha256 $(sha256sum <"$STATE/$name.tar.gz" | cut --delimiter=' ' --fields=1)"
}

# gather_evidence FOLDER: fails where something of it cannot be written.
gather_evidence() {
  {
    mkdir -- "$1" "$1/logs" "$1/evidence" && list_secrets >"$SCRATCH/secrets" && copy_clean "$1" &&
      cp -- manifest.json SHA256SUMS "$1/" && printf '%s\n' "$DIGEST" >"$1/digest"
  } 2>>"$SCRATCH/stderr"
}

# copy_clean FOLDER
copy_clean() {
  local file
  for file in "$STATE"/journal.tsv "$STATE"/attested.tsv "$STATE"/approved "$STATE"/logs/* "$STATE"/evidence/*; do
    if [[ -f $file ]]; then without_secrets <"$file" >"$1/${file#"$STATE"/}" || return; fi
  done
}

# What the rc files of this user and of the site's tenants set as a password, and what the undercloud's installer has written down;
# whatever a tool may have printed of them is taken out by its exact text.
list_secrets() {
  local file
  {
    for file in "$UNDERCLOUD_HOME"/*rc "$UNDERCLOUD_HOME"/*rc.v3; do printf '%s\n' "$file"; done
    awk -F '\t' '!/^#/ { print $2 }' "$BUNDLE/lib/nfv_instances.tsv"
  } | while IFS= read -r file; do
    if [[ -r $file && -f $file ]]; then secrets_of_rc "$file"; fi
  done
  for file in "$UNDERCLOUD_HOME"/undercloud-passwords.conf "$UNDERCLOUD_HOME"/tripleo-overcloud-passwords; do
    if [[ -r $file && -f $file ]]; then sed --quiet 's/^[A-Za-z0-9_]*= *//p' "$file"; fi
  done
}

# As a client would be given them, however the file quotes them.
secrets_of_rc() (
  take_rc "$1"
  printf '%s\n' "${OS_PASSWORD-}" "${OS_TOKEN-}" "${OS_SERVICE_TOKEN-}"
)

# without_secrets: stdin to stdout; known passwords, private keys, and whatever stands behind a word that announces one.
without_secrets() {
  awk '
    FILENAME == ARGV[1] { if (length($0) > 3) secret[$0] = 1; next }
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/ { print "*** a private key"; within = 1; next }
    # one that is cut off hides nothing of what comes behind it
    within && (/^[A-Za-z0-9+\/=]*\r?$/ || /^(Proc-Type|DEK-Info): /) { next }
    within { within = 0; if (/-----END [A-Z ]*PRIVATE KEY-----/) next }
    {
      for (word in secret) {
        left = ""
        while ((at = index($0, word)) > 0) {
          left = left substr($0, 1, at - 1) "***"
          $0 = substr($0, at + length(word))
        }
        $0 = left $0
      }
      print
    }' "$SCRATCH/secrets" - | without_announced
}

# A value ends where its quote ends, or at a blank, a comma or a bar.
without_announced() {
  local value='("[^"]*"|'\''[^'\'']*'\''|[^ "'\'',|]+)'
  sed --regexp-extended \
    -e "s/(pass(word|wd|phrase|code)?|secret|token|auth_key|_pwd)([\"']?[ ]*[=:|][ ]*)$value/\1\3***/Ig" \
    -e "s/(--[a-z-]*(password|secret|token)[ ]+)$value/\1***/Ig" \
    -e "s/(\bauthorization:[ ]*[a-z]+[ ]+)[^ \"']+/\1***/Ig" \
    -e "s/(\bauth[ ]+)$value/\1***/Ig" \
    -e '/mysql|mongo/ s/( -p)[^ ]+/\1***/g' \
    -e 's/(\bkey[ ]*=[ ]*)[A-Za-z0-9+/]{20,}=*/\1***/g' \
    -e 's/(stats auth [^: ]+:)[^ ]+/\1***/' \
    -e 's#(://[^:/@ ]+:)[^/ ]+@#\1***@#g'
}
