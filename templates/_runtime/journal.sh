# The journal says who did what and when: it is the record for the ticket, never the judge of what is done.
# One line a write, tab-separated: time, who, change, bundle, section, step, node, event, detail.

state_open() {
  STATE=${OSP_STATE_DIR:-$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME/$CHANGE}
  mkdir --parents -- "$STATE/logs" "$STATE/evidence"
  chmod 0700 -- "$STATE" "$STATE/logs" "$STATE/evidence"
  JOURNAL=$STATE/journal.tsv
  LOG=$STATE/logs/$SECTION.log
}

# journal STEP NODE EVENT [DETAIL]
journal() {
  local when line
  [[ $WRITES == yes ]] || return 0
  when=$(date --utc +%Y-%m-%dT%H:%M:%SZ)
  line=$(printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s' "$when" "$(plain "${SUDO_USER:-$(id -un)}")" "$CHANGE" "${DIGEST:0:12}" \
    "$SECTION" "$1" "${2:--}" "$3" "$(plain "${4:--}")")
  printf '%s\n' "$line" >>"$JOURNAL"
}

# What an operator has told us about a step: attested STEP
attested() {
  [[ -e $STATE/attested.tsv ]] || return 1
  awk -F '\t' -v step="$1" '$3 == step { found = 1 } END { exit !found }' "$STATE/attested.tsv"
}
