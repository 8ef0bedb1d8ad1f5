# Every package and the running kernel of the undercloud and of each node, before this change and after it: for the ticket.
#
# $STATE/software/HOST.before and HOST.after, as list_software prints them. A host that does not answer has no list, and what it says is text.

# What a host may say at most: two thousand packages are 120 KB.
SOFTWARE_BYTES=2000000

# Run by root: the kernel that runs, then every package.
list_software() {
  printf 'kernel %s\n' "$(uname --kernel-release)"
  rpm --query --all | sort
}

# keep_software before|after: of every host. Those without a list are in $SCRATCH/unlisted: HOST STATUS REASON, tabs between.
keep_software() {
  local host
  : >"$SCRATCH/unlisted"
  if [[ $1 == before ]] && update_has_begun; then return 0; fi
  if ! mkdir --parents -- "$STATE/software" 2>>"$SCRATCH/stderr"; then
    unlisted undercloud 1 "no room: $STATE/software"
    return
  fi
  gather all software_of
  gather_one undercloud software_of
  for host in undercloud "${NODES[@]}"; do keep_list "$host" "$1"; done
}

# software_of HOST: read to its end, but no more than that many bytes are kept.
software_of() {
  if [[ $1 == undercloud ]]; then as_root list_software; else as_root_on "$1" list_software; fi | {
    head --bytes="$SOFTWARE_BYTES"
    cat >/dev/null
  }
}

# update_has_begun: from the undercloud's update on packages change, and a list of before is then too late. Until then the newest counts.
update_has_begun() {
  if [[ ! -e $STATE/journal.tsv ]]; then return 1; fi
  find_section update-undercloud || return 2
  awk -F '\t' -v first="$SAID" '$8 == "start" && $5 "" >= first "" { found = 1; exit } END { exit !found }' "$STATE/journal.tsv"
}

# keep_list HOST before|after: whole, or not at all. The list of an earlier `after` would pass for today's.
keep_list() {
  local file=$STATE/software/$1.$2 answers=$SCRATCH/gather/$1 status reason
  { read -r status <"$answers.status"; } 2>/dev/null || status=1
  if [[ $status != 0 ]]; then
    reason=$(last_words "$answers.err" "$status")
  elif ! is_list_of_software <"$answers.out"; then
    reason='what it says is not a list of packages'
  elif replace_file "$file" <"$answers.out" 2>>"$SCRATCH/stderr"; then
    return 0
  else
    reason="no room: $STATE/software"
  fi
  if [[ $2 == after ]]; then rm --force -- "$file"; fi
  unlisted "$1" "$status" "$reason"
}

# A list that was cut at its limit, and any other text, is refused: it would be counted.
is_list_of_software() {
  awk -v most="$SOFTWARE_BYTES" '
    { bytes += length($0) + 1 }
    NR == 1 { good = /^kernel [A-Za-z0-9][A-Za-z0-9._+~-]*$/ && length($0) < 200; next }
    !/^[A-Za-z0-9][A-Za-z0-9._+~^-]*-[A-Za-z0-9._+~^]+-[A-Za-z0-9._+~^]+$/ || length($0) > 250 { good = 0; exit }
    END { exit !(good && NR > 1 && bytes < most) }'
}

# unlisted HOST STATUS REASON
unlisted() {
  local reason
  plain_into reason "$3"
  printf '%s\t%s\t%s\n' "$1" "$2" "${reason:0:300}" >>"$SCRATCH/unlisted"
}

# warn_of_unlisted: for a check that has asked every node before, and has reported there what does not answer at all.
warn_of_unlisted() {
  local host status reason
  while IFS=$'\t' read -r host status reason; do
    if [[ $status == 255 ]]; then continue; fi
    warn "$host: its packages cannot be listed for the ticket: $reason" "see what rpm says there, then run $(way_to_step package_offers) ;; on $(quoted "$host"): rpm --query --all"
  done <"$SCRATCH/unlisted"
}
