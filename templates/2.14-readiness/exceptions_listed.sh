# What was waived, accepted, attested or forced, and what the changes have warned of. Nothing here fails; whoever signs for chapter 3 must have
# seen it.
exceptions_listed_check() {
  local step reason when who system name node
  while IFS=$'\t' read -r step reason; do
    warn "waived by the spec: $step: $reason"
  done <"$COPY/lib/waivers.tsv"
  while IFS=$'\t' read -r system name reason; do
    warn "accepted by the spec: $system: $name: ${reason:-no reason is given}"
  done <"$COPY/lib/accepted.tsv"
  while IFS=$'\t' read -r when who step reason node; do
    warn "attested: $step${node:+ $node} by $who at $when: $reason"
  done < <(attestations)
  while IFS=$'\t' read -r when who step node reason; do
    warn "a gate was forced: $step by $who at $when: $reason"
  done < <(journalled gate-forced)
  while IFS=$'\t' read -r when who step node reason; do
    warn "$step has warned at $when, $node: $reason"
  done < <(journalled warned)
  if [[ -z $COPY_TO ]]; then
    warn 'the spec names no place for copies of the backups outside the undercloud' 'check that your own copy exists'
  fi
  pass_unless_found 'nothing was waived, accepted, attested, forced or warned of'
}

attestations() {
  if [[ -e $STATE/attested.tsv ]]; then cat -- "$STATE/attested.tsv"; fi
}

# journalled EVENT: when, by whom, at which step and node, and the detail.
journalled() {
  if [[ -e $STATE/journal.tsv ]]; then
    awk -F '\t' -v OFS='\t' -v event="$1" '$8 == event { print $1, $2, $6, $7, $9 }' "$STATE/journal.tsv"
  fi
}
