# The sections of this bundle as a whole: which are done, who ran them when, and what their checks said. For changes the site is asked;
# for checks the evidence of their last run counts.

section_scripts() { awk -F '\t' -v bundle="$BUNDLE" '{ print bundle "/" $2 }' "$COPY/lib/sections.tsv"; }

section_id() {
  local name=${1##*/}
  printf '%s' "${name%%-*}"
}

# section_fact SECTION COLUMN: of lib/sections.tsv: 3 the sections that come before it, joined by blanks; 4 its title;
# 5 how long it takes, 6 whether its steps of low risk may take long too.
section_fact() { awk -F '\t' -v section="$1" -v column="$2" '$1 == section { print $column }' "$COPY/lib/sections.tsv"; }

# steps_of SCRIPT: ID SHAPE RISK TITLE of each step, from the script's own list.
steps_of() { bash "$1" --list </dev/null; }

# section_stands SCRIPT: sets STANDING to done, warned, open or unknown, and WHY.
section_stands() {
  local list
  ask section_is_done "$1"
  set +e
  case $ANSWER in
    yes) STANDING='done' ;;
    no) STANDING=open ;;
    unknown) STANDING=unknown ;;
  esac
  if [[ $ANSWER == yes ]]; then
    WHY=$(warnings_of_needed)
    WHY=${WHY%%$'\n'*}
    if [[ -n $WHY ]]; then STANDING=warned; fi
  fi
  # without a step in the answer the section may be checks alone, which are not asked
  if [[ $ANSWER != yes || -s $SCRATCH/needed ]]; then return; fi
  if ! list=$(steps_of "$1" 2>"$SCRATCH/list.err"); then
    STANDING=unknown WHY=$(last_words "$SCRATCH/list.err" 'its list of steps cannot be read')
  elif ! awk '$2 != "check" { found = 1 } END { exit !found }' <<<"$list"; then
    checks_stand "$(section_id "$1")" "$list"
  fi
}

# checks_stand SECTION LIST: each check of the list has run since the last change before its section, and none has failed.
checks_stand() {
  local id changed verdict when
  STANDING='done'
  changed=$(last_change_before "$1")
  while read -r id _; do
    verdict=$(verdict_of "$id")
    when=${verdict#* } verdict=${verdict%% *}
    case $verdict in
      '') still_open "$id has not been run" ;;
      fail) still_open "$id failed: $(first_fault_of "$id")" ;;
      *)
        if [[ $when < $changed ]]; then
          still_open "$id passed at $when, before the last change at $changed"
        elif [[ $verdict != pass && $STANDING == "done" ]]; then
          STANDING=warned WHY="$id: $(first_fault_of "$id")"
        fi
        ;;
    esac
  done <<<"$2"
}

still_open() {
  if [[ $STANDING != open ]]; then STANDING=open WHY=$1; fi
}

evidence_of() { printf '%s/evidence/%s.tsv' "$STATE" "${1//\//-}"; }

# verdict_of CHECK: its last verdict and when, as `pass 2026-11-22T13:56:31Z`; nothing where it has not run.
verdict_of() {
  local file verdict when
  file=$(evidence_of "$1")
  if [[ -e $file ]] && IFS=$'\t' read -r _ verdict when <"$file"; then printf '%s %s\n' "$verdict" "$when"; fi
}

first_fault_of() { awk -F '\t' '$1 == "fail" || $1 == "warn" { print $2; exit }' "$(evidence_of "$1")"; }

# last_change_before SECTION: when a step of an earlier section last changed something, by the journal.
last_change_before() {
  if [[ -e $STATE/journal.tsv ]]; then
    awk -F '\t' -v section="$1" '$8 == "done" && $5 "" < section "" && $1 > last { last = $1 } END { print last }' "$STATE/journal.tsv"
  fi
}

# last_run_of SECTION: when, who, under which digest, and how it ended, by the journal.
last_run_of() {
  if [[ -e $STATE/journal.tsv ]]; then
    awk -F '\t' -v section="$1" '$5 == section && $8 == "end" { row = $1 "\t" $2 "\t" $4 "\t" $9 } END { print row }' "$STATE/journal.tsv"
  fi
}

# has_begun SECTION: a run of it has begun, by the journal.
has_begun() {
  awk -F '\t' -v section="$1" '$5 == section && $8 == "begin" { found = 1 } END { exit !found }' "$STATE/journal.tsv" 2>/dev/null
}

# all_stand FUNCTION: calls FUNCTION SCRIPT ID for every section in turn, with STANDING and WHY set, until it sets ENOUGH=yes. A section that
# has not begun, and comes after one that is not done, is `later`: whatever looks done now is not its work.
all_stand() {
  local function=$1 script id needs need ENOUGH=no
  local -A standing=()
  while IFS=$'\t' read -r id script needs _; do
    STANDING='' WHY=''
    for need in ${needs/#-/}; do
      if [[ -z $STANDING && ${standing[$need]} != @(done|warned) ]] && ! has_begun "$id"; then STANDING=later WHY="after $need"; fi
    done
    if [[ -z $STANDING ]]; then section_stands "$BUNDLE/$script"; fi
    standing[$id]=$STANDING
    "$function" "$BUNDLE/$script" "$id"
    if [[ $ENOUGH == yes ]]; then return 0; fi
  done <"$COPY/lib/sections.tsv"
}

# What this change has begun and not ended: a run, reboots of nodes, switches that are turned.

# show_what_runs: the run that holds the site's lock, and the step it is at.
show_what_runs() {
  local file=$UNDERCLOUD_HOME/osp-runbook/$SITE_NAME.lock
  if [[ ! -f $file ]] || flock --nonblock --shared "$file" true 2>/dev/null; then return 0; fi
  say "${YELLOW}running${PLAIN}: $(plain "$(tail --lines=1 -- "$file")")"
  if [[ -e $STATE/journal.tsv ]]; then
    note "$(tail --lines=1 -- "$STATE/journal.tsv" | awk -F '\t' '{ print "at " $6, $7 ", " $8 ", since " $1 }' | legible)"
  fi
}

# show_what_is_open: the site is asked only where this change has begun something.
show_what_is_open() {
  local open warning remedy
  if ! awk -F '\t' '$8 == "start" { found = 1 } END { exit !found }' "$STATE/journal.tsv" 2>/dev/null; then return 0; fi
  for open in every_node_is_back no_flag_of_ours no_compute_of_ours; do
    ask "$open"
    case $ANSWER in
      no) say "${RED}open${PLAIN}: $WHY; $REMEDY" ;;
      unknown) say "${YELLOW}cannot tell${PLAIN}: $WHY" ;;
    esac
    while IFS=$'\t' read -r warning remedy; do
      plain_into warning "$warning"
      remedy_into remedy "$remedy"
      say "${YELLOW}warning${PLAIN}: $warning; $remedy"
    done <"$SCRATCH/besides"
  done
}

# last_start_at NODE: when a step last began there, and of which section, by the journal.
last_start_at() { awk -F '\t' -v node="$1" '$7 == node && $8 == "start" { row = $1 "\t" $5 } END { print row }' "$STATE/journal.tsv" 2>/dev/null; }

# every_node_is_back: if not, which ones are away, and since when by the journal. Those that are out of the spec by now are named beside it.
every_node_is_back() {
  local mark node away='' again='' when section
  for mark in "$STATE"/rebooting-*; do
    node=${mark##*/rebooting-}
    if [[ ! -e $mark ]] || ! node_is "$node" all; then continue; fi
    IFS=$'\t' read -r when section < <(last_start_at "$node") || :
    away+="${away:+, }$node is rebooting${when:+ (since $when)} and has not come back yet"
    if [[ $section =~ ^[0-9.]+$ && ", $again," != *", $section,"* ]]; then again+="${again:+, }$section"; fi
  done
  lost_nodes_are_named
  why "$away" "run its section again${again:+: $again}"
  [[ -z $away ]]
}

no_flag_of_ours() {
  if ((CEPH_MONITORS == 0)); then return 0; fi
  no_claims ceph-flag
}

# no_compute_of_ours: this change has left no nova-compute disabled. That of a compute which is out of the spec by now is named beside it.
no_compute_of_ours() {
  local rows disabled host ours=''
  if (($(count_of computes) == 0)); then return 0; fi
  rows=$(list_rows services with_overcloudrc openstack compute service list --long -f json) || return 2
  disabled=$(awk -F '\t' -v change="$CHANGE:" '$3 == "disabled" && index($5, change) == 1 { print $1 }' <<<"$rows") || return 2
  while IFS= read -r host; do
    if [[ -z $host ]]; then continue; fi
    if is_host_of_spec "$host"; then
      ours+="${ours:+, }$host"
    else
      besides "nova-compute of $host, which was taken out of the spec, is still disabled by this change" \
        "$(how_to_enable "$host")"
    fi
  done <<<"$disabled"
  why "nova-compute is still disabled by this change: $ours" "run $(section_named reboot-computes) again"
  [[ -z $ours ]]
}
