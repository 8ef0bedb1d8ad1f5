# What must hold before anything starts: the right user, the bundle as reviewed, the ticket's digest, the sections before this one.

gate_refuse() {
  printf '%s: refused: %s\n' "$SCRIPT" "$1" >&2
  if [[ -n ${2-} ]]; then printf '  remedy: %s\n' "$2" >&2; fi
  STOPPED=yes
  exit 3
}

# gate_bundle: the script has compared its sums before it read this file, but an exported function may have replaced the programs; here no such
# function is left. The sums are those of the copy that runs, so the digest that is approved is too.
gate_bundle() {
  local user added digest said
  user=$(id -un)
  if [[ $user != "$UNDERCLOUD_USER" ]]; then
    gate_refuse "this runs as $UNDERCLOUD_USER, not as $user" "su - $UNDERCLOUD_USER"
  fi
  if ! timeout 60 sha256sum --check --quiet --strict "$COPY/SHA256SUMS" >"$SCRATCH/sums" 2>&1; then
    said=$(head --lines=1 "$SCRATCH/sums")
    gate_refuse "bundle files were modified: $(plain "${said:-they cannot be read within 60 s}")" 'compile it again, and have it reviewed again'
  fi
  added=$(added_to_bundle 2>&1) || gate_refuse "the bundle cannot be looked through: $(plain "${added:-$BUNDLE}")" "see what is in it: ls -lR $(quoted "$BUNDLE")"
  added=${added%%$'\n'*}
  if [[ -n $added ]]; then
    gate_refuse "not part of the bundle: $(plain "$added")" "move it out of $(quoted "$BUNDLE")"
  fi
  IFS= read -r -d '' SUMS <"$COPY/SHA256SUMS" || :
  digest=$(sha256sum -- "$COPY/SHA256SUMS")
  DIGEST=${digest%% *}
  gate_signed
}

# Files without a sum, in places where they would be run: a script of a section, or a module that a parser finds before Python's own.
added_to_bundle() {
  find . ! -type d \( -name '*.sh' -o -name lib -o -name files -o -path './lib/*' -o -path './files/*' \) -printf '%P\n' |
    LC_ALL=C sort | awk 'NR == FNR { listed[substr($0, 67)] = 1; next } !($0 in listed)' SHA256SUMS -
}

# gate_files: the site's own files that a run uses. A pipe or a device in a file's place would be waited for without an end; and what is run
# with this user's rights, a hook or an rc file, nobody else may write. The steps that need a file say if it is missing.
gate_files() {
  local file odd
  local -a run=() read=()
  for file in "$UNDERCLOUD_HOME/stackrc" "$UNDERCLOUD_HOME/${STACK}rc" "$HOOK_BEFORE_NODE" "$HOOK_AFTER_NODE" "${HOOK_BEFORE_UPDATE-}"; do
    if [[ $file == /* ]]; then run+=("$file"); fi
  done
  while IFS=$'\t' read -r _ file; do
    if [[ $file == /* ]]; then run+=("$file"); fi
  done < <(rc_files_of_tenants)
  read_absolute "$KNOWN_HOSTS" "$UNDERCLOUD_HOME/.ssh/config" "${ANSWERS_FILE-}" "${ROLES_FILE-}"
  with_words_of ENV_FILES read_absolute
  with_words_of DEPLOY_ENV_FILES read_absolute
  # (a link that leads nowhere is not there; to /dev/null is how people say that a file is empty)
  odd=$(find -L "${run[@]}" "${read[@]}" -maxdepth 0 ! -type f ! -type l ! -samefile /dev/null -print -quit 2>/dev/null) || :
  if [[ -n $odd ]]; then
    gate_refuse "not a regular file, and so not read: $(plain "$odd")" "put the file itself there: ls -ld $(quoted "$odd")"
  fi
  gate_own_files "${run[@]}"
}
read_absolute() {
  local file
  for file in "$@"; do
    if [[ $file == /* ]]; then read+=("$file"); fi
  done
}

# gate_own_files FILE...: those that are there can be written by this user and root alone. A group of the user's own name is allowed.
gate_own_files() {
  local mode owner group file
  while IFS=' ' read -r -d '' mode owner group file; do
    if [[ $mode != *[2367] && $owner == @("$UNDERCLOUD_USER"|root) && ($mode != *[2367]? || $group == "$UNDERCLOUD_USER") ]]; then continue; fi
    gate_refuse "others can write $(plain "$file"), which runs with the rights of $UNDERCLOUD_USER" \
      "see what it says, then: sudo chown $UNDERCLOUD_USER $(quoted "$file"); sudo chmod go-w $(quoted "$file")"
  done < <(find -L "$@" -maxdepth 0 -type f \( -perm /022 -o ! -user "$UNDERCLOUD_USER" \) -printf '%m %u %g %p\0' 2>/dev/null)
}

# rc_files_of_tenants: INSTANCE FILE of those that the spec names.
rc_files_of_tenants() {
  if [[ -e $COPY/lib/nfv_instances.tsv ]]; then awk '!/^#/' "$COPY/lib/nfv_instances.tsv"; fi
}

gate_approved() {
  local approved=''
  if [[ -e $STATE/approved ]]; then approved=$(<"$STATE/approved"); fi
  if [[ $approved != "$DIGEST" ]]; then
    gate_refuse "this bundle's digest is not approved for change $CHANGE${approved:+ (approved is ${approved:0:12}, this is ${DIGEST:0:12})}" \
      './runbook approve DIGEST, with the digest from the change ticket'
  fi
}

# If another bundle is compiled into the same folder while we run, the rest would be its own. The sums are compared as text.
gate_same_bundle() {
  local now=gone
  { IFS= read -r -d '' now <"$BUNDLE/SHA256SUMS" || :; } 2>/dev/null
  if [[ $now != "$SUMS" ]]; then
    refuse 'the bundle was replaced during this run' 'have the new one approved, and start the section again'
  fi
}

SECTIONS_ASKED=no

# gate_sections: before its first change, a section asks each section it needs whether it is done. One that does not apply to this site
# is not in the bundle.
gate_sections() {
  local need script
  if [[ $SECTIONS_ASKED == yes ]]; then return 0; fi
  # the run that rebooted a node has asked; while that node is away no section can tell what it runs
  if section_waits_for_a_node; then return 0; fi
  SECTIONS_ASKED=yes
  ask lost_nodes_are_named
  tell_warnings < <(awk -F '\t' '{ print $1 "; " $2 }' "$SCRATCH/besides")
  for need in $SECTION_NEEDS; do
    for script in "$BUNDLE/$need"-*.sh; do
      if [[ ! -e $script ]]; then continue; fi
      ask section_is_done "$script"
      case $ANSWER in
        no) gate_order "section $need is not done: $WHY" "./${script##*/}" ;;
        unknown) refuse "cannot tell whether section $need is done: $WHY" "$REMEDY" ;;
      esac
      # what a section that is done warns of holds nobody up
      tell_warnings < <(warnings_of_needed)
    done
  done
}

# tell_warnings: each line of stdin, on the screen and in the journal.
tell_warnings() {
  local row
  while IFS= read -r row; do
    plain_into row "$row"
    note "warning: $row"
    journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" warning "$row"
  done
}

# warnings_of_needed: of the section that was asked last: lines of `STEP TEXT`.
warnings_of_needed() { awk '$2 == "warning" { step = $1; sub(/^[^ ]+ +[^ ]+ +/, ""); print step "  " $0 }' "$SCRATCH/needed"; }

# section_waits_for_a_node: a node of this section was rebooted by this change and has not come back, by the mark that reboot.sh keeps.
section_waits_for_a_node() {
  local at node
  for at in "${!WALK_NODE[@]}"; do
    node=${WALK_NODE[at]}
    if [[ -n $node && -e $STATE/rebooting-$node ]]; then return 0; fi
  done
  return 1
}

# lost_nodes_are_named: a question that is always a yes, and notes beside it each node that this change has rebooted, that no wait has seen in
# another boot, and that was taken out of the spec: nobody waits for it.
lost_nodes_are_named() {
  local mark node
  for mark in "$STATE"/rebooting-*; do
    node=${mark##*/rebooting-}
    if [[ ! -e $mark ]] || node_is "$node" all; then continue; fi
    besides "$node was rebooted by this change, did not come back, and was taken out of the spec: it is not waited for" \
      "if it is gone for good: rm -- $(quoted "$mark")"
  done
}

# section_is_done SCRIPT: a question; the reason is the script's line for the first step that makes the answer. If the script fails:
# cannot tell. A backup counts as done however old it is by now; the steps that need a recent one ask for its age themselves.
section_is_done() {
  local status=0 row word=unknown
  OSP_READINESS=yes "$BASH" "$1" --status >"$SCRATCH/needed" 2>>"$SCRATCH/stderr" </dev/null
  status=$?
  if ((status == 0)); then return 0; fi
  if ((status == 1)); then word=no; fi
  if row=$(grep --max-count=1 --extended-regexp "^\S+ +$word " "$SCRATCH/needed"); then
    why "$row" "./${1##*/} --status$(ways_past "$row")"
  else
    why "$(tail --lines=1 "$SCRATCH/stderr")" "./${1##*/} --status"
    return 2
  fi
  return "$status"
}

# ways_past ROW: prints how to continue where the ROW of a --status cannot tell. An attestation passes its step alone, and where the row is a node's,
# for that node alone.
ways_past() {
  local step node of=''
  if [[ ! $1 =~ ^([0-9.]+/[0-9a-z]+)\ +unknown\  ]]; then return 0; fi
  step=${BASH_REMATCH[1]}
  for node in "${NODES[@]}"; do
    if [[ $1 == *"  $node" || $1 == *"  $node  ("* ]]; then of=" --node $node"; fi
  done
  printf '; if a node is gone for good: take it out of the spec, compile, approve; if you know that it is done: ./runbook attest %s REASON' "$step$of"
}

# gate_order REASON REMEDY: order and age give way to --force-gate, and the journal keeps its reason.
gate_order() {
  if [[ -z $FORCE_GATE ]]; then refuse "$1" "$2, or --force-gate REASON"; fi
  note "gate overridden by --force-gate: $(plain "$1")"
  journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" gate-forced "$FORCE_GATE ($1)"
}

# unless_forced QUESTION [ARG...]: a gate of order or age inside `requires`: its no gives way to --force-gate, a cannot tell does not.
unless_forced() {
  local status=0
  "$@"
  status=$?
  if ((status != 1)); then return "$status"; fi
  read_why
  if [[ -z $FORCE_GATE ]]; then
    why "$WHY" "${REMEDY:+$REMEDY, or }--force-gate REASON"
    return 1
  fi
  journal "${STEP_ID[CURRENT_ROW]}" "$CURRENT_NODE" gate-forced "$FORCE_GATE ($WHY)"
}

# No disruptive step starts after the hour of the spec.
gate_not_after() {
  if [[ $1 == low ]]; then return 0; fi
  ask is_before_hour
  if [[ $ANSWER != yes ]]; then refuse "$WHY" "$REMEDY"; fi
}

# is_before_hour: a question. Twelve hours are the window, so that 05:30 does not close the evening before.
is_before_hour() {
  local clock zone seconds hour minute utc
  local -i now limit
  if [[ -z $NOT_AFTER ]]; then return 0; fi
  # the hour is of the undercloud's own zone, all other times on the screen are UTC
  read -r clock zone seconds < <(date '+%H:%M %Z %s') || return 2
  [[ $zone =~ ^[A-Za-z0-9+-]{1,10}$ && $seconds =~ ^[0-9]{1,12}$ ]] || return 2
  time_into utc '%H:%MZ' "$seconds"
  hour=${clock%:*} minute=${clock#*:}
  [[ $hour =~ ^[0-9]{2}$ && $minute =~ ^[0-9]{2}$ ]] || return 2
  now=$((10#$hour * 60 + 10#$minute))
  limit=$((10#${NOT_AFTER%:*} * 60 + 10#${NOT_AFTER#*:}))
  why "it is $clock $zone ($utc), and no disruptive step starts after $NOT_AFTER $zone" 'continue in the next window, or compile again with a later not_after'
  (((now - limit + 1440) % 1440 >= 720))
}
