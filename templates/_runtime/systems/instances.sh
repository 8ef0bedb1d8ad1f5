# The instances of a compute: what is on it, what moves, and what was there before this change.

# find_instances_on NODE: sets SAID: ID, STATUS, TASK, POWER, HOST, NAME of every instance that nova has there, of all projects and beyond its page of 1000.
find_instances_on() {
  find_compute_host "$1" || return 2
  find_instances --host "$SAID"
}

find_instances() { kept "instances $*" fetch_instances "$@"; }
fetch_instances() {
  local words
  hear_overcloud openstack server list "$@" --all-projects --limit -1 --long -f json || {
    quote_into words "$@" --all-projects --limit -1
    why "nova does not list its instances: $(said_last)" "rc: openstack server list $words"
    return 2
  }
  parsed nova instances <<<"$SAID" || return 2
}

# find_instance_row ID: sets SAID: the same of one, wherever it is; flavor_of ID: prints the id of its flavor.
find_instance_row() { find_instance "$1" instance; }
flavor_of() { find_instance "$1" description && fact_of flavor <<<"$SAID"; }
find_instance() {
  hear_overcloud openstack server show -f json "$1" || {
    why "nova does not show the instance $1: $(said_last)" "rc: openstack server show $(quoted "$1")"
    return 2
  }
  parsed nova "$2" <<<"$SAID" || return 2
}

# Run by root on the node: the libvirt domains that run there, as libvirt itself lists them.
running_domains() { virsh --readonly list --name | awk 'NF'; }

# An empty list may be a wrong name: it is believed when libvirt on the node says the same.
no_domain_runs_on() {
  hear_root_on "$1" running_domains || {
    why "libvirt on $1 does not list its domains: $(said_last)" "on $1: sudo virsh list"
    return 2
  }
  why "libvirt on $1 still runs ${SAID//$'\n'/, }" "on $1: sudo virsh list ;; rc: openstack server list --all-projects --limit -1"
  [[ -z $SAID ]]
}

# find_instances_in_tasks NODE: sets SAID: ids of what is there and on its way, or in any other task. One in ERROR that does not run may be in
# a task for ever.
find_instances_in_tasks() {
  local id status task power found=''
  find_instances_on "$1" || return 2
  while IFS=$'\t' read -r id status task power _; do
    if [[ $status == ERROR && $power != Running ]]; then continue; fi
    if [[ -n $id && ($status == MIGRATING || $status == RESIZE || $task != -) ]]; then found+=${found:+$'\n'}$id; fi
  done <<<"$SAID"
  SAID=$found
}

# no_instance_moves NODE [IDS]: none but these is in a task.
no_instance_moves() {
  local id moving='' ids
  find_instances_in_tasks "$1" || return 2
  for id in $SAID; do
    if [[ $'\n'${2-}$'\n' != *$'\n'"$id"$'\n'* ]]; then moving+=${moving:+$'\n'}$id; fi
  done
  words_into ids "$moving"
  why "still in a task: ${moving//$'\n'/, }" "if it does not end, ask the owner ;; rc: nova migration-list; for id in $ids; do openstack server show \$id; done"
  [[ -z $moving ]]
}

# await_tasks NODE: for an apply: what is in a task already is waited for as long as so many may take to move. Sets BUSY to what is still in one
# then: it is not waited for any longer, and keeps none of the others from moving.
BUSY=''
await_tasks() {
  local ids limit
  ids=$(instances_in_tasks "$1")
  limit=$(time_for "$ids")
  poll "$limit" "the instances of $1 to arrive elsewhere" no_instance_moves "$1"
  if [[ $WAITED == yes ]]; then return; fi
  note "$WHY: $REMEDY"
  BUSY=$(instances_in_tasks "$1")
}

# The snapshot: what was on the node before this change, kept by root on the node, where it outlives a lost journal. One instance per line: id
# and status; lines added later are `ID stopped`, for what this change has to start again, and `ID left STATUS` for what went down paused or
# suspended, and `ID cold FLAVOR` for what this change migrates cold: a resize, which is its tenant's to confirm, changes the flavor.
INSTANCE_RECORD=/var/lib/osp-runbook/$CHANGE/instances

# Run by root on the node.
record_stopped() { append_record "$1" "$2 stopped"; }
record_cold() { append_record "$1" "$2 cold $3"; }
# forget_stopped RECORD: once they run again: what their owners do after that is not undone by a later run.
forget_stopped() {
  local rest
  rest=$(awk '$2 != "stopped"' "$1")
  write_record "$1" "$rest"
}
# record_left RECORD ID STATUS: what goes down with the node, and is not this change's to start.
record_left() {
  if grep --quiet --line-regexp --fixed-strings "$2 left $3" "$1"; then return; fi
  append_record "$1" "$2 left $3"
}

# find_instances_before NODE: sets SAID: ID and STATUS, as they were before us; nothing where no snapshot was taken.
find_instances_before() { kept "instances before $1" hear_root_on "$1" read_record "$INSTANCE_RECORD" || return 2; }

# find_instances_off_record NODE: sets SAID: ID and STATUS of what is there and is not on record. What was in ERROR and is not now comes again: how
# it is now is how it is before it moves.
find_instances_off_record() {
  local rows
  find_instances_on "$1" || return 2
  rows=$SAID
  find_instances_before "$1" || return 2
  SAID=$(awk -F '\t' '
    $0 == "\f" { rows = 1; next }
    !rows { split($0, words, " "); if (words[2] !~ /^(stopped|left|cold)$/) was[words[1]] = words[2]; next }
    NF && (!($1 in was) || (was[$1] == "ERROR" && $2 != "ERROR")) { print $1, $2 }
  ' <<<"$SAID"$'\n\f\n'"$rows") || return 2
}

# has_instance_record NODE: whatever is there is on record. A record of an earlier run may lack what has come since.
has_instance_record() {
  local word
  hear_root_on "$1" has_record "$INSTANCE_RECORD" || return 2
  word=$SAID
  if [[ $word == yes ]]; then find_instances_off_record "$1" || return 2; fi
  why "the instances on $1 are not recorded yet" 'run this section again'
  [[ $word == yes && -z $SAID ]] || return 1
  why "the instances on $1 are recorded"
}

# no_instance_record NODE: nothing of this change is pending there.
no_instance_record() {
  local word
  hear_root_on "$1" has_record "$INSTANCE_RECORD" || return 2
  word=$SAID
  why "the instances on $1 have not been compared with the record yet"
  [[ $word == no ]] || return 1
  why "this change has nothing pending on $1"
}

# select_instances WORD BEFORE ROWS: sets SAID: ids of the rows that are
#   staying      there still, but for what was in ERROR before us and does not run
#   running      not shut off, in ERROR since before us, or in a task
#   busy         in a task
#   broken       in ERROR, and were not before us
#   cold         ACTIVE or SHUTOFF, and in no task: nova migrates nothing else
select_instances() {
  local id status task power known before old_error chosen
  local -A was=()
  while read -r id status _; do
    if [[ -n $id && $status != @(stopped|left|cold) ]]; then was[$id]=$status; fi
  done <<<"$2"
  SAID=''
  while IFS=$'\t' read -r id status task power _; do
    if [[ -z $id ]]; then continue; fi
    known=${was[$id]+yes} before=${was[$id]-} old_error=no chosen=no
    if [[ $status == ERROR && $before == ERROR ]]; then old_error=yes; fi
    case $1 in
      staying) if [[ $old_error == no || $power == Running ]]; then chosen=yes; fi ;;
      running) if [[ ($status != SHUTOFF && $old_error == no) || $task != - ]]; then chosen=yes; fi ;;
      busy) if [[ $task != - ]]; then chosen=yes; fi ;;
      broken) if [[ $status == ERROR && -n $known && $before != ERROR ]]; then chosen=yes; fi ;;
      cold) if [[ ($status == ACTIVE || $status == SHUTOFF) && $task == - ]]; then chosen=yes; fi ;;
    esac
    if [[ $chosen == yes ]]; then SAID+=${SAID:+$'\n'}$id; fi
  done <<<"$3"
}

# Run by root on the node: a line for every instance that runs there, `tied ID` where it has CPUs, memory or a device of this very host, else
# `free ID`. One that cannot be described is tied; where libvirt does not tell its id either, `tied NAME`.
running_instances() {
  local domains domain description tie id
  domains=$(virsh --readonly list --name) || return
  for domain in $domains; do
    description=$(virsh --readonly dumpxml "$domain") || {
      # (libvirt knows the id of a domain that is too busy to be described)
      id=$(virsh --readonly domuuid "$domain") || id=''
      printf 'tied %s\n' "${id:-$domain}"
      continue
    }
    tie=free
    if grep --quiet --extended-regexp "<(hostdev|vcpupin|numatune|hugepages)|<interface type='(hostdev|direct)'" <<<"$description"; then tie=tied; fi
    awk -F '[<>]' -v tie="$tie" '!found && $2 == "uuid" { print tie, $3; found = 1 }' <<<"$description"
  done
}

# ties_of_instances NODE: the same. Nova of Newton would move live what is tied too, onto CPUs and memory that others have there already.
ties_of_instances() {
  printed hear_root_on "$1" running_instances || {
    why "libvirt on $1 does not say which instances have pinned CPUs, huge pages or host devices" "on $1: sudo virsh list"
    return 2
  }
}

# instances_that_move_live NODE TIES: ids of what can be asked to move while it runs, and is known to be free to.
instances_that_move_live() {
  local rows
  find_instances_on "$1" || return 2
  rows=$SAID
  awk -F '\t' '
    $0 == "\f" { rows = 1; next }
    !rows { if (sub(/^free /, "")) free[$0] = 1; next }
    ($2 == "ACTIVE" || $2 == "PAUSED") && $3 == "-" && ($1 in free) { print $1 }
  ' <<<"$2"$'\n\f\n'"$rows"
}

# look_what_moves_live NODE: for an apply: sets MOVABLE to the ids of what can be asked to move while it runs, and TIED to those of what is
# tied to its host, which it reports.
MOVABLE='' TIED=''
look_what_moves_live() {
  local ties
  ties=$(ties_of_instances "$1")
  TIED=$(awk '$1 == "tied" { print $2 }' <<<"$ties")
  if [[ -n $TIED ]]; then note "not live-migrated (pinned CPUs, huge pages or a device of $1, or libvirt could not tell): ${TIED//$'\n'/, }"; fi
  MOVABLE=$(instances_that_move_live "$1" "$ties")
}

# find_instances_that_stay NODE: sets SAID: ids of what is still there, without what was in ERROR before this change and does not run.
find_instances_that_stay() {
  local rows
  find_instances_on "$1" || return 2
  rows=$SAID
  find_instances_before "$1" || return 2
  select_instances staying "$SAID" "$rows"
}

# no_instance_newly_in_error NODE: none that was well before this change is in ERROR now, wherever it went.
no_instance_newly_in_error() {
  local before ids
  find_instances_before "$1" || return 2
  before=$SAID
  find_instances --status ERROR || return 2
  select_instances broken "$before" "$SAID" || return 2
  words_into ids "$SAID"
  why "went into ERROR during this change: ${SAID//$'\n'/, }" \
    "once it is healthy again, run this section again ;; rc: for id in $ids; do openstack server show \$id; done"
  [[ -z $SAID ]] || return 1
  why 'no healthy instance went into ERROR'
}

# in_another_state BEFORE OFF: id and status before this change; OFF are the rows of what is shut off now. What this change stopped or left is
# checked elsewhere.
in_another_state() {
  awk -F '\t' '
    NR == FNR { off[$1] = 1; next }
    { split($0, words, " "); if (words[2] != "cold") was[words[1]] = words[2] }
    END { for (id in was) if ((was[id] == "ACTIVE" && id in off) || (was[id] == "SHUTOFF" && !(id in off))) print id, was[id] }
  ' <(printf '%s\n' "$2") <(printf '%s\n' "$1") | sort
}

# arrived_after_record NODE: of what nova has on it that was not there when it was put on record, prints what does not run: `down ID STATUS NAME`, or
# `unsure ID STATUS NAME` while a domain runs there whose id libvirt does not tell: it may be that one.
arrived_after_record() {
  local before rows new running
  find_instances_before "$1" || return 2
  before=$SAID
  find_instances_on "$1" || return 2
  rows=$SAID
  new=$(awk -F '\t' '
    $0 == "\f" { rows = 1; next }
    !rows { split($0, words, " "); was[words[1]] = 1; next }
    NF && !($1 in was) { print $1, $2, $6 }
  ' <<<"$before"$'\n\f\n'"$rows") || return 2
  if [[ -z $new ]]; then return; fi
  running=$(ties_of_instances "$1") || return 2
  awk '
    $0 == "\f" { rows = 1; next }
    !rows { runs[$2] = 1; if (NF && ($2 !~ /^[0-9a-f-]+$/ || length($2) != 36)) nameless = 1; next }
    !($1 in runs) { print (nameless ? "unsure" : "down"), $0 }
  ' <<<"$running"$'\n\f\n'"$new"
}

# find_instances_to_confirm NODE: sets SAID: ids of what this change has migrated cold, and nobody has confirmed yet.
find_instances_to_confirm() {
  local before ids id now ours=''
  find_instances_before "$1" || return 2
  before=$SAID
  find_instances --status VERIFY_RESIZE || return 2
  ids=$(awk -F '\t' '$2 == "VERIFY_RESIZE" { print $1 }' <<<"$SAID") || return 2
  for id in $ids; do
    if [[ $before != *"$id cold "* ]]; then continue; fi
    now=$(flavor_of "$id") || return 2
    if has_line "$id cold $now" "$before"; then ours+=${ours:+$'\n'}$id; fi
  done
  SAID=$ours
}

nothing_to_confirm() {
  local ids
  find_instances_to_confirm "$1" || return 2
  words_into ids "$SAID"
  why "migrated, but not confirmed: ${SAID//$'\n'/, }" "rc: for id in $ids; do openstack server resize --confirm \$id; done"
  [[ -z $SAID ]] || return 1
  why "all migrations away from $1 are confirmed"
}

# instance_status_is ID STATUS: settled in it, with no task under way.
instance_status_is() {
  local status task name
  find_instance_row "$1" || return 2
  IFS=$'\t' read -r _ status task _ _ name <<<"$SAID" || return 2
  why "$name ($1) is $status, its task: $task" "rc: openstack server show $(quoted "$1")"
  [[ $status == "$2" && $task == - ]] || return 1
  why "$name ($1) is $status"
}

# instance_awaits_confirmation ID: its cold migration has arrived.
instance_awaits_confirmation() { instance_status_is "$1" VERIFY_RESIZE; }

# instance_may_migrate_cold ID: nova moves only what is ACTIVE or SHUTOFF, and refuses the rest with a bare HTTP 409.
instance_may_migrate_cold() {
  either instance_status_is "$1" ACTIVE -- either instance_status_is "$1" SHUTOFF -- cannot_migrate_cold "$1"
}
cannot_migrate_cold() {
  local status task name act='openstack server show'
  find_instance_row "$1" || return 2
  IFS=$'\t' read -r _ status task _ _ name <<<"$SAID" || return 2
  case $status in
    SUSPENDED) act="openstack server resume" ;;
    PAUSED) act="openstack server unpause" ;;
    RESCUE) act="openstack server unrescue" ;;
    VERIFY_RESIZE) act='openstack server resize --confirm, or --revert' ;;
  esac
  why "$name ($1) is $status (task: $task), and nova migrates only what is ACTIVE or SHUTOFF" \
    "run this section again when its owner has seen to it ($act) ;; rc: openstack server show $(quoted "$1")"
  return 1
}

# await_instance SECONDS WHAT ID QUESTION...: for an apply; one that ends in ERROR is not waited for any longer.
await_instance() {
  local limit=$1 what=$2 id=$3
  shift 3
  wait_until "$limit" "$what" either "$@" -- instance_status_is "$id" ERROR
  answer instance_status_is "$id" ERROR
  if [[ $ANSWER == yes ]]; then give_up "$id is in ERROR; nova says why: $(shown_remedy "rc: openstack server show $(quoted "$id")")"; fi
}

# instance_stays ID NODE: it is still on that node; one that has left since the list was made must not be moved or stopped.
instance_stays() {
  local row host
  find_instance_row "$1" || return 2
  row=$SAID
  find_compute_host "$2" || return 2
  host=$SAID
  why "$1 is on $(cut --fields=5 <<<"$row")" "rc: openstack server show $(quoted "$1")"
  [[ $row == *$'\t'"$host"$'\t'* ]]
}

# instance_is_settled_elsewhere ID NODE: it is off that node, confirmed, and in no task.
instance_is_settled_elsewhere() {
  local row host
  find_instance_row "$1" || return 2
  row=$SAID
  find_compute_host "$2" || return 2
  host=$SAID
  why "$1 is $(cut --fields=2,5 --output-delimiter=' on ' <<<"$row")" "rc: openstack server show $(quoted "$1")"
  [[ $row != *$'\t'"$host"$'\t'* && $row == *$'\t-\t'* && $row != *VERIFY_RESIZE* ]]
}

# list_of_instances NODE: for people: what is on it, one per line.
list_of_instances() {
  local rows
  find_instances_on "$1" || return 2
  rows=$SAID
  awk -F '\t' 'NF { printf "  %s  %-13s %s\n", $1, $2, $6 }' <<<"$rows"
}

# is_empty NODE: nova has nothing there but what was in ERROR before us, and libvirt agrees.
is_empty() {
  local names rows ids
  find_instances_that_stay "$1" || return 2
  if [[ -n $SAID ]]; then
    names=$(list_of_instances "$1") || return 2
    names=$(awk 'NF { printf "%s%s %s", comma, $3, $2; comma = ", " }' <<<"$names") || return 2
    find_instances_on "$1" || return 2
    rows=$SAID
    select_instances cold '' "$rows" || return 2
    why "instances still on $1: $names" 'ask their owners, or compile with another compute_reboot.stuck'
    if [[ -n $SAID ]]; then
      words_into ids "$SAID"
      why "instances still on $1: $names" \
        "ask the owners of what is neither ACTIVE nor SHUTOFF, and move the rest cold; or compile with another compute_reboot.stuck ;; rc: for id in $ids; do nova migrate --poll \$id && nova resize-confirm \$id; done"
    fi
    return 1
  fi
  no_domain_runs_on "$1"
}

# nothing_runs NODE: what is still there is shut off, and libvirt agrees.
nothing_runs() {
  local rows ids
  find_instances_on "$1" || return 2
  rows=$SAID
  find_instances_before "$1" || return 2
  select_instances running "$SAID" "$rows" || return 2
  words_into ids "$SAID"
  why "still running on $1: ${SAID//$'\n'/, }" "stop them, or compile with another compute_reboot.stuck ;; rc: openstack server stop $ids"
  [[ -z $SAID ]] || return 1
  no_domain_runs_on "$1"
}

# only_instances_left_in_place_run NODE: all that could be asked to move has moved, what stays is on record as left, and no domain runs that nova does not know.
only_instances_left_in_place_run() {
  local rows before others running domains
  find_instances_on "$1" || return 2
  rows=$SAID
  find_instances_before "$1" || return 2
  before=$SAID
  select_instances busy "$before" "$rows" || return 2
  why "still in a task: ${SAID//$'\n'/, }" 'rc: nova migration-list'
  [[ -z $SAID ]] || return 1
  others=$(awk '$0 == "\f" { rows = 1; next }
    !rows { if ($2 == "stopped" || $2 == "left") left[$1] = 1; next }
    $2 ~ /^(ACTIVE|PAUSED|SUSPENDED)$/ && !($1 in left) { print $1 }' <<<"$before"$'\n\f\n'"$rows") || return 2
  why "not migrated, and not recorded as left in place: ${others//$'\n'/, }" 'run this section again'
  [[ -z $others ]] || return 1
  hear_root_on "$1" running_domains || return 2
  domains=$SAID
  running=$(awk -F '\t' '$4 == "Running" || $4 == "Paused" { count++ } END { print count + 0 }' <<<"$rows") || return 2
  domains=$(awk 'NF { count++ } END { print count + 0 }' <<<"$domains") || return 2
  numbers running domains || return 2
  why "libvirt on $1 runs more domains than the $running instances that nova knows there" "on $1: sudo virsh list"
  ((domains <= running))
}

# instances_to_start NODE: prints the ids of what this change has stopped there and is not up.
instances_to_start() {
  local rows before
  find_instances_before "$1" || return 2
  before=$SAID
  if [[ $before != *stopped* ]]; then return; fi
  find_instances_on "$1" || return 2
  rows=$SAID
  awk '$0 == "\f" { rows = 1; next }
    !rows { if ($2 == "stopped") down[$1] = 1; next }
    ($1 in down) && $2 != "ACTIVE" { print $1 }' <<<"$before"$'\n\f\n'"$rows"
}

# instances_left NODE: ID and STATUS of what went down with the node paused or suspended.
instances_left() {
  local before
  find_instances_before "$1" || return 2
  before=$SAID
  awk '$2 == "left" { print $1, $3 }' <<<"$before"
}

# effect_of_reboot_on STATUS: what the reboot of its node does to an instance.
effect_of_reboot_on() {
  case $1 in
    PAUSED) printf 'PAUSED: its memory is lost, and it will be SHUTOFF' ;;
    SUSPENDED) printf 'SUSPENDED: its memory is kept on the disk of the node' ;;
    *) printf '%s: it is started again' "$1" ;;
  esac
}

# nova_agrees_with_libvirt NODE: as many instances are ACTIVE there as domains run.
nova_agrees_with_libvirt() {
  local rows domains active running
  find_instances_on "$1" || return 2
  rows=$SAID
  hear_root_on "$1" running_domains || return 2
  domains=$SAID
  active=$(awk -F '\t' '$2 == "ACTIVE" { count++ } END { print count + 0 }' <<<"$rows") || return 2
  running=$(awk 'NF { count++ } END { print count + 0 }' <<<"$domains") || return 2
  numbers active running || return 2
  why "nova has $active ACTIVE instances on $1, but libvirt runs $running"
  ((active <= running))
}

# time_to_move NODE: how long its instances may take; time_for ROWS: how long these may.
time_to_move() {
  find_instances_on "$1" || return 2
  time_for "$SAID"
}
time_for() {
  local count
  count=$(awk 'NF { count++ } END { print count + 1 }' <<<"$1") || return 2
  numbers count || return 2
  printf '%d\n' $((count * TIMEOUT_MIGRATE_PER_INSTANCE))
}

# find_target_node NODE: the compute that its instances go to, by the spec; find_target_of NODE: nova's name of that. Both set SAID.
find_target_node() {
  local node
  while IFS=$'\t' read -r node SAID; do
    if [[ $node == "$1" ]]; then return 0; fi
  done <"$COPY/lib/targets.tsv"
  return 1
}
find_target_of() {
  find_target_node "$1" || return 2
  find_compute_host "$SAID"
}

# The same, printed, for an apply.
list_instances() { printed find_instances "$@"; }
instance_row() { printed find_instance_row "$@"; }
instances_in_tasks() { printed find_instances_in_tasks "$@"; }
instances_before() { printed find_instances_before "$@"; }
instances_off_record() { printed find_instances_off_record "$@"; }
instances_that_stay() { printed find_instances_that_stay "$@"; }
instances_to_confirm() { printed find_instances_to_confirm "$@"; }
target_of() { printed find_target_of "$@"; }
