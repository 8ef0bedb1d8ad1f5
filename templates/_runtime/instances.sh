# The instances of a compute: what is on it, what moves, and what was there before we came.

# instances_on NODE: ID, STATUS, TASK, POWER, HOST, NAME of every instance that nova has there, of all projects and beyond its page of 1000.
instances_on() {
  local host
  host=$(compute_host "$1") || return 2
  list_instances --host "$host"
}

list_instances() { kept "instances $*" fetch_instances "$@"; }
fetch_instances() {
  local list
  list=$(with_overcloudrc openstack server list "$@" --all-projects --limit -1 --long -f json) || {
    why 'nova does not list its instances' "openstack server list $* --all-projects --limit -1"
    return 2
  }
  parse nova instances <<<"$list" || return 2
}

# instance_row ID: the same of one, wherever it is.
instance_row() {
  local shown
  shown=$(with_overcloudrc openstack server show -f json "$1") || {
    why "nova does not show the instance $1" "openstack server show $1"
    return 2
  }
  parse nova instance <<<"$shown" || return 2
}

# Run by root on the node: the libvirt domains that run there, by the node's own word.
running_domains() { virsh --readonly list --name | awk 'NF'; }

# An empty list may be a wrong name: it is believed when libvirt on the node says the same.
no_domain_runs_on() {
  local domains
  domains=$(as_root_on "$1" running_domains) || {
    why "libvirt on $1 cannot be asked what it runs" "on $1: sudo virsh list"
    return 2
  }
  why "libvirt on $1 still runs ${domains//$'\n'/, }" "on $1: sudo virsh list; openstack server list --all-projects --limit -1"
  [[ -z $domains ]]
}

# no_instance_moves NODE: none that is there is on its way or in any other task.
no_instance_moves() {
  local rows moving
  rows=$(instances_on "$1") || return 2
  moving=$(awk -F '\t' '$1 != "" && ($2 == "MIGRATING" || $2 == "RESIZE" || $3 != "-") { print $1 }' <<<"$rows") || return 2
  why "still in a task: ${moving//$'\n'/, }" 'nova migration-list'
  [[ -z $moving ]]
}

# The snapshot: what was on the node before we came, kept by root on the node, where it outlives a lost journal. One instance a line:
# id and status; later lines of ours are `ID stopped`, for what this change has to start again, and `ID left STATUS` for what went down paused
# or suspended.
INSTANCE_RECORD=/var/lib/osp-runbook/$CHANGE/instances

# Run by root on the node; the first record stands, so that a resumed run knows what was before the first.
record_instances() {
  local record=$1 rows=$2
  if [[ -e $record ]]; then return; fi
  mkdir --parents -- "$(dirname -- "$record")"
  awk -F '\t' 'NF { print $1, $2 }' <<<"$rows" >"$record.new"
  mv -- "$record.new" "$record"
  sync
}

# Run by root on the node.
record_stopped() {
  printf '%s stopped\n' "$2" >>"$1"
  sync
}
# record_left RECORD ID STATUS: what goes down with the node and is not ours to start.
record_left() {
  if grep --quiet --line-regexp --fixed-strings "$2 left $3" "$1"; then return; fi
  printf '%s left %s\n' "$2" "$3" >>"$1"
  sync
}

# instances_before NODE: ID and STATUS, as they were before us; nothing where no snapshot was taken.
instances_before() { kept "instances before $1" as_root_on "$1" read_record "$INSTANCE_RECORD" || return 2; }

has_instance_record() {
  local word
  word=$(as_root_on "$1" has_record "$INSTANCE_RECORD") || return 2
  why "the instances of $1 are not on record"
  [[ $word == yes ]] || return 1
  why 'the instances that were there are on record'
}

no_instance_record() {
  local word
  word=$(as_root_on "$1" has_record "$INSTANCE_RECORD") || return 2
  why "the instances of $1 are still to be compared with what was there before"
  [[ $word == no ]] || return 1
  why 'nothing of this change is open there'
}

# select_instances WORD BEFORE ROWS: ids of the rows that are
#   staying      there still, but for what was in ERROR before us and does not run
#   running      not shut off, in ERROR since before us, or in a task
#   busy         in a task
#   broken       in ERROR, and were not before us
#   unconfirmed  moved cold by us and not confirmed yet
select_instances() {
  awk -F '\t' -v wanted="$1" '
    $0 == "\f" { rows = 1; next }
    !rows { split($0, words, " "); if (words[2] != "stopped" && words[2] != "left") was[words[1]] = words[2]; next }
    $1 == "" { next }
    { known = ($1 in was); before = known ? was[$1] : ""; old_error = $2 == "ERROR" && before == "ERROR" }
    wanted == "staying" && !(old_error && $4 != "Running") { print $1 }
    wanted == "running" && ($2 != "SHUTOFF" && !old_error || $3 != "-") { print $1 }
    wanted == "busy" && $3 != "-" { print $1 }
    wanted == "broken" && $2 == "ERROR" && known && before != "ERROR" { print $1 }
    wanted == "unconfirmed" && $2 == "VERIFY_RESIZE" && known && before != "VERIFY_RESIZE" { print $1 }
  ' <<<"$2"$'\n\f\n'"$3"
}

# Run by root on the node: a line for every instance that runs there, `tied ID` where it has CPUs, memory or a device of this very host, else
# `free ID`. One that cannot be described is `tied NAME`.
running_instances() {
  local domains domain description tie
  domains=$(virsh --readonly list --name) || return
  for domain in $domains; do
    description=$(virsh --readonly dumpxml "$domain") || {
      printf 'tied %s\n' "$domain"
      continue
    }
    tie=free
    if grep --quiet --extended-regexp "<(hostdev|vcpupin|numatune|hugepages)|<interface type='(hostdev|direct)'" <<<"$description"; then tie=tied; fi
    awk -F '[<>]' -v tie="$tie" '!found && $2 == "uuid" { print tie, $3; found = 1 }' <<<"$description"
  done
}

# ties_of_instances NODE: the same. Nova of Newton would move live what is tied too, onto CPUs and memory that others have there already.
ties_of_instances() {
  as_root_on "$1" running_instances || {
    why "libvirt on $1 cannot be asked what ties its instances to it" "on $1: sudo virsh list"
    return 2
  }
}

# instances_that_move_live NODE TIES: ids of what can be asked to move while it runs, and is known to be free to.
instances_that_move_live() {
  local rows
  rows=$(instances_on "$1") || return 2
  awk -F '\t' '
    $0 == "\f" { rows = 1; next }
    !rows { if (sub(/^free /, "")) free[$0] = 1; next }
    ($2 == "ACTIVE" || $2 == "PAUSED") && $3 == "-" && ($1 in free) { print $1 }
  ' <<<"$2"$'\n\f\n'"$rows"
}

# instances_that_stay NODE: ids of what is still there. What was in ERROR before us and does not run is not ours to move.
instances_that_stay() {
  local rows before
  rows=$(instances_on "$1") || return 2
  before=$(instances_before "$1") || return 2
  select_instances staying "$before" "$rows"
}

# no_instance_came_to_grief NODE: none that was well before us is in ERROR now, wherever it went.
no_instance_came_to_grief() {
  local rows before broken
  before=$(instances_before "$1") || return 2
  rows=$(list_instances --status ERROR) || return 2
  broken=$(select_instances broken "$before" "$rows") || return 2
  why "in ERROR since we came: ${broken//$'\n'/, }" 'openstack server show ID; when it is well again, run this section again'
  [[ -z $broken ]] || return 1
  why 'no instance that was well is in ERROR'
}

# in_another_state BEFORE OFF: id and status before us; OFF are the rows of what is shut off now. What we stopped or left is spoken of elsewhere.
in_another_state() {
  awk -F '\t' '
    NR == FNR { off[$1] = 1; next }
    { split($0, words, " "); was[words[1]] = words[2] }
    END { for (id in was) if ((was[id] == "ACTIVE" && id in off) || (was[id] == "SHUTOFF" && !(id in off))) print id, was[id] }
  ' <(printf '%s\n' "$2") <(printf '%s\n' "$1") | sort
}

# instances_to_confirm NODE: ids of what a cold migration of ours has moved, and nobody has confirmed yet.
instances_to_confirm() {
  local rows before
  before=$(instances_before "$1") || return 2
  rows=$(list_instances --status VERIFY_RESIZE) || return 2
  select_instances unconfirmed "$before" "$rows"
}

nothing_to_confirm() {
  local ids
  ids=$(instances_to_confirm "$1") || return 2
  why "not confirmed after their move: ${ids//$'\n'/, }" 'openstack server resize --confirm ID'
  [[ -z $ids ]] || return 1
  why "what was to leave $1 has left, and is confirmed"
}

# instance_status_is ID STATUS: settled in it, with no task under way.
instance_status_is() {
  local row status task name
  row=$(instance_row "$1") || return 2
  status=$(cut --fields=2 <<<"$row") || return 2
  task=$(cut --fields=3 <<<"$row") || return 2
  name=$(cut --fields=6 <<<"$row") || return 2
  why "$name ($1) is $status, its task: $task" "openstack server show $1"
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
  local row
  row=$(instance_row "$1") || return 2
  why "$(cut --fields=6 <<<"$row") ($1) is $(cut --fields=2 <<<"$row"), and nova migrates only what is ACTIVE or SHUTOFF" \
    "with its owner: openstack server show $1; then this section again"
  return 1
}

# await_instance SECONDS WHAT ID QUESTION...: for an apply; one that ends in ERROR is not waited for any longer.
await_instance() {
  local limit=$1 what=$2 id=$3
  shift 3
  wait_until "$limit" "$what" either "$@" -- instance_status_is "$id" ERROR
  answer instance_status_is "$id" ERROR
  if [[ $ANSWER == yes ]]; then give_up "$id is in ERROR: . ~/${STACK}rc; openstack server show $id says why"; fi
}

# instance_is_settled_elsewhere ID NODE: it is off that node, confirmed, and in no task.
instance_is_settled_elsewhere() {
  local row host
  row=$(instance_row "$1") || return 2
  host=$(compute_host "$2") || return 2
  why "$1 is $(cut --fields=2,5 --output-delimiter=' on ' <<<"$row")" "openstack server show $1"
  [[ $row != *$'\t'"$host"$'\t'* && $row == *$'\t-\t'* && $row != *VERIFY_RESIZE* ]]
}

# list_of_instances NODE: for people: what is on it, one a line.
list_of_instances() {
  local rows
  rows=$(instances_on "$1") || return 2
  awk -F '\t' 'NF { printf "  %s  %-13s %s\n", $1, $2, $6 }' <<<"$rows"
}

# is_empty NODE: nova has nothing there but what was in ERROR before us, and libvirt agrees.
is_empty() {
  local stay names
  stay=$(instances_that_stay "$1") || return 2
  if [[ -n $stay ]]; then
    names=$(list_of_instances "$1") || return 2
    why "still on $1: $(awk 'NF { printf "%s%s %s", comma, $3, $2; comma = ", " }' <<<"$names")" \
      'openstack server migrate ID, and once it is in VERIFY_RESIZE openstack server resize --confirm ID; or another compute_reboot.stuck'
    return 1
  fi
  no_domain_runs_on "$1"
}

# nothing_runs NODE: what is still there is shut off, and libvirt agrees.
nothing_runs() {
  local rows before running
  rows=$(instances_on "$1") || return 2
  before=$(instances_before "$1") || return 2
  running=$(select_instances running "$before" "$rows") || return 2
  why "still running on $1: ${running//$'\n'/, }" 'stop them by hand, or compile with another compute_reboot.stuck'
  [[ -z $running ]] || return 1
  no_domain_runs_on "$1"
}

# only_left_ones_run NODE: everything that could be asked to move has been, and is on record as left; no domain runs that nova does not know.
only_left_ones_run() {
  local rows before others domains
  local -i running
  rows=$(instances_on "$1") || return 2
  before=$(instances_before "$1") || return 2
  others=$(select_instances busy "$before" "$rows") || return 2
  why "still in a task: ${others//$'\n'/, }" 'nova migration-list'
  [[ -z $others ]] || return 1
  others=$(awk '$0 == "\f" { rows = 1; next }
    !rows { if ($2 == "stopped" || $2 == "left") left[$1] = 1; next }
    $2 ~ /^(ACTIVE|PAUSED|SUSPENDED)$/ && !($1 in left) { print $1 }' <<<"$before"$'\n\f\n'"$rows") || return 2
  why "neither moved nor on record as left: ${others//$'\n'/, }" 'run this section again'
  [[ -z $others ]] || return 1
  domains=$(as_root_on "$1" running_domains) || return 2
  running=$(awk -F '\t' '$4 == "Running" || $4 == "Paused" { count++ } END { print count + 0 }' <<<"$rows") || return 2
  why "libvirt on $1 runs more than the $running instances that nova knows there" "on $1: sudo virsh list"
  (($(awk 'NF { count++ } END { print count + 0 }' <<<"$domains") <= running))
}

# instances_to_start NODE: ids of what this change has put down there, and is not up.
instances_to_start() {
  local rows before
  before=$(instances_before "$1") || return 2
  if [[ $before != *stopped* ]]; then return; fi
  rows=$(instances_on "$1") || return 2
  awk '$0 == "\f" { rows = 1; next }
    !rows { if ($2 == "stopped") down[$1] = 1; next }
    ($1 in down) && $2 != "ACTIVE" { print $1 }' <<<"$before"$'\n\f\n'"$rows"
}

# instances_left NODE: ID and STATUS of what went down with the node paused or suspended.
instances_left() {
  local before
  before=$(instances_before "$1") || return 2
  awk '$2 == "left" { print $1, $3 }' <<<"$before"
}

# fate_of STATUS: what the reboot of its node does to an instance.
fate_of() {
  case $1 in
    PAUSED) printf 'PAUSED: its memory is lost, and it will be SHUTOFF' ;;
    SUSPENDED) printf 'SUSPENDED: its memory is kept on the disk of the node' ;;
    *) printf '%s: it is started again' "$1" ;;
  esac
}

# nova_agrees_with_libvirt NODE: as many instances are ACTIVE there as domains run.
nova_agrees_with_libvirt() {
  local rows domains
  local -i active running
  rows=$(instances_on "$1") || return 2
  domains=$(as_root_on "$1" running_domains) || return 2
  active=$(awk -F '\t' '$2 == "ACTIVE" { count++ } END { print count + 0 }' <<<"$rows") || return 2
  running=$(awk 'NF { count++ } END { print count + 0 }' <<<"$domains") || return 2
  why "nova calls $active instances of $1 ACTIVE, and libvirt runs $running"
  ((active <= running))
}

# How long the instances of a node may take.
time_to_move() {
  local rows count
  rows=$(instances_on "$1") || return 2
  count=$(awk 'NF { count++ } END { print count + 1 }' <<<"$rows") || return 2
  printf '%d\n' $((count * TIMEOUT_MIGRATE_PER_INSTANCE))
}

# target_node NODE: the compute that its instances go to, by the spec; target_of NODE: nova's name of that.
target_node() { awk -F '\t' -v node="$1" '$1 == node { print $2; found = 1 } END { exit !found }' "$BUNDLE/lib/targets.tsv"; }
target_of() {
  local target
  target=$(target_node "$1") || return 2
  compute_host "$target"
}
