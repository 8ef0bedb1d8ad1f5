# What answers a finding in the spec: lines to be pasted into site.yaml. Their comments say what to do and what to remove.
#
# Those of all checks are in one file of the state folder, each check's under `# == ID`. A check that runs again replaces
# or removes its own; without any there is no file.

SPEC_LINES_HEAD='# Lines for site.yaml, where the checks have found that the spec and the site differ. Then compile again.
# Lines with # explain, the others can be pasted, and UNRESOLVED is for a person to settle.'

# show_spec_lines LINES: joined by tabs, under their finding.
show_spec_lines() {
  local line
  local -a lines=()
  if [[ -z $1 ]]; then return 0; fi
  IFS=$'\t' read -r -a lines <<<"$1"
  for line in "${lines[@]}"; do note "      $line"; done
}

# keep_spec_lines ID: those of the check that has just run. If they cannot be kept they are in the log all the same.
keep_spec_lines() {
  local file=$STATE/site.yaml.lines own text SAID=''
  own=$(awk -F '\t' -v id="$1" 'NF > 3 {
    if (!told++) print "# == " id
    print "# " $2
    for (at = 4; at <= NF; at++) print $at
  }' "$SCRATCH/findings")
  if [[ -z $own && ! -e $file ]]; then return 0; fi
  text=$(spec_lines_with "$1" "$own" "$file" 2>>"$SCRATCH/stderr") || text=$(spec_lines_with "$1" "$own" /dev/null)
  if [[ -z $text ]]; then
    rm --force -- "$file" 2>>"$SCRATCH/stderr" || complain "these lines for site.yaml are of an earlier run: $file"
    return 0
  fi
  text=$SPEC_LINES_HEAD$'\n'$text
  if { find_text "$file" && [[ $SAID == "$text"$'\n' ]]; } 2>/dev/null || write_record "$file" "$text" 2>>"$SCRATCH/stderr"; then
    if [[ -n $own ]]; then note "lines for site.yaml: $file"; fi
  else
    complain "the lines for site.yaml cannot be kept: $file; make room: df -h $(quoted "$STATE")"
  fi
}

# spec_lines_with ID OWN FILE: the parts in FILE, in the order of the steps, with OWN instead of that of ID; what another
# section has found comes first. A step that this section no longer has is left out.
spec_lines_with() {
  if [[ ! -e $3 ]]; then set -- "$1" "$2" /dev/null; fi
  awk -v id="$1" -v section="$SECTION/" -v steps="${STEP_ID[*]}" '
    FNR == 1 { part = "" }
    /^# == [0-9.]+\/[0-9a-z]+$/ {
      part = $3
      if (FILENAME == ARGV[2] && part == id) part = ""
      if (part != "") names[++count] = part
    }
    part != "" && NF { text[part] = text[part] $0 "\n" }
    END {
      for (at = 1; at <= count; at++) if (index(names[at], section) != 1) printf "\n%s", text[names[at]]
      count = split(steps, names, " ")
      for (at = 1; at <= count; at++) if (names[at] in text) printf "\n%s", text[names[at]]
    }' <(printf '%s\n' "$2") "$3"
}
