# What goes to the ticket: journal, logs, evidence and the manifest, without secrets.

pack_evidence() {
  local now name
  now=$(date --utc +%Y%m%d-%H%M%S)
  name=evidence-$SITE_NAME-$CHANGE-$now
  mkdir -- "$SCRATCH/$name" "$SCRATCH/$name/logs" "$SCRATCH/$name/evidence"
  list_secrets >"$SCRATCH/secrets"
  copy_clean "$SCRATCH/$name"
  cp -- manifest.json SHA256SUMS "$SCRATCH/$name/"
  printf '%s\n' "$DIGEST" >"$SCRATCH/$name/digest"
  tar --create --gzip --file "$STATE/$name.tar.gz.part" --directory "$SCRATCH" -- "$name"
  mv -- "$STATE/$name.tar.gz.part" "$STATE/$name.tar.gz"
  journal - - evidence "$name.tar.gz"
  say "$STATE/$name.tar.gz"
  say "sha256 $(sha256sum <"$STATE/$name.tar.gz" | cut --delimiter=' ' --fields=1)"
}

# copy_clean FOLDER
copy_clean() {
  local file
  for file in "$STATE"/journal.tsv "$STATE"/attested.tsv "$STATE"/approved "$STATE"/logs/* "$STATE"/evidence/*; do
    if [[ -f $file ]]; then without_secrets <"$file" >"$1/${file#"$STATE"/}"; fi
  done
}

# The passwords that this user's rc files hold; whatever a tool may have printed of them is taken out by its exact text.
list_secrets() {
  local file
  for file in "$UNDERCLOUD_HOME"/*rc "$UNDERCLOUD_HOME"/*rc.v3; do
    if [[ -r $file && -f $file ]]; then sed -n "s/^ *\(export \)\?OS_PASSWORD=[\"']\?\([^\"']*\)[\"']\? *$/\2/p" "$file"; fi
  done
}

# without_secrets: stdin to stdout; known passwords, and whatever stands behind a word that announces one.
without_secrets() {
  awk '
    NR == FNR { if (length($0) > 3) secret[$0] = 1; next }
    {
      for (word in secret) while ((at = index($0, word)) > 0) $0 = substr($0, 1, at - 1) "***" substr($0, at + length(word))
      print
    }' "$SCRATCH/secrets" - |
    sed --regexp-extended \
      -e 's/((password|passwd|secret|adminpass|token|auth_key)["'\'']?[ ]*[=:|][ ]*["'\'']?)[^ "'\'',|]+/\1***/Ig' \
      -e 's/(stats auth [^: ]+:)[^ ]+/\1***/' \
      -e 's#(://[^:/@ ]+:)[^@/ ]+@#\1***@#g'
}
