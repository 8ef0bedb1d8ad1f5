# Every section before this one is asked now whether its effect is there. A backup's age does not count any more.
sections_done_check() {
  local script id
  while IFS= read -r script; do
    id=$(section_id "$script")
    if [[ $id == "$SECTION" ]]; then break; fi
    section_stands "$script"
    tell "$id  $STANDING$(by_whom "$id")"
    case $STANDING in
      warned) warn "$id has warnings: $WHY" "./${script##*/}" ;;
      open) fail "$id is open: $WHY" "./${script##*/}" ;;
      unknown) fail "the state of $id is unknown: $WHY" "$REMEDY" ;;
    esac
  done < <(section_scripts)
  pass_unless_found 'every section is done'
}

# by_whom SECTION: its last run, by the journal.
by_whom() {
  local row when who digest how
  row=$(last_run_of "$1")
  if [[ -z $row ]]; then return; fi
  IFS=$'\t' read -r when who digest how <<<"$row"
  printf ', last run %s by %s, bundle %s, %s' "$when" "$who" "$digest" "$how"
}
