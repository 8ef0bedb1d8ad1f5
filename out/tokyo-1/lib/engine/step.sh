# The list of steps is at the end of each section script, in a here-document; everything here reads that list.
#
#   ID NAME SHAPE RISK BRACKET DEADLINE TITLE    SHAPE: change, check, attended    RISK: low, disruptive, destructive
#   each GROUP [BATCH]  ...  end_each            the rows between, whole for one node (or batch) before the next
#
# BRACKET is - or opens:WORD, body:WORD, closes:WORD. A bracket opens only if a step of its body is not satisfied.

STEP_ID=() STEP_NAME=() STEP_SHAPE=() STEP_RISK=() STEP_BRACKET=() STEP_DEADLINE=() STEP_TITLE=()
# The walk: for each step and node in turn its row in the list, its node and its batch (0 outside of groups).
WALK_ROW=() WALK_NODE=() WALK_BATCH=()
EACH_GROUP='' EACH_FROM=0 EACH_BATCH=1 BATCHES=0

# section ID TITLE NEEDS ARGUMENTS...: NEEDS are the sections that come before, joined by blanks.
section() {
  SECTION=$1 SECTION_TITLE=$2 SECTION_NEEDS=$3
  cd -- "$BUNDLE"
  name_script
  shift 3
  read_options "$@"
  if [[ $MODE == help ]]; then
    usage
    exit 0
  fi
  WRITES=no
  screen_open
  scratch_open
  ssh_options
  gate_bundle
  gate_files
  state_folder
  if [[ $MODE != run ]]; then return 0; fi
  WRITES=yes
  gate_approved
  lock_site
  state_open
  log_open
  trap_signals
}

# The script's own name, also when it was started through a link.
name_script() {
  local script
  SCRIPT=${0##*/}
  for script in "$BUNDLE/$SECTION"-*.sh; do
    if [[ -e $script ]]; then SCRIPT=${script##*/}; fi
  done
}

# steps: reads the list from stdin.
steps() {
  local id name shape risk bracket deadline title
  while read -r id name shape risk bracket deadline title; do
    case $id in
      each) each "$name" "${shape:-1}" ;;
      end_each) end_each ;;
      *) step "$id" "$name" "$shape" "$risk" "$bracket" "$deadline" "$title" ;;
    esac
  done
}

# find_section NAME: sets SAID: the id of the section whose script has that name, as reboot-computes; a no where the site needs none such.
find_section() {
  local id script
  SAID=''
  while IFS=$'\t' read -r id script _; do
    if [[ $script == "$id-$1.sh" ]]; then SAID=$id; fi
  done <"$COPY/lib/sections.tsv"
  [[ -n $SAID ]]
}

# section_named NAME: the same in words, for a remedy.
section_named() { if find_section "$1"; then printf 'section %s' "$SAID"; else printf 'the section %s, which this site does not have' "$1"; fi; }

# find_step NAME: sets SAID: the id of this script's step of that name; a no where it has none.
find_step() {
  local -i row
  SAID=''
  for row in "${!STEP_ID[@]}"; do
    if [[ ${STEP_NAME[row]} == "$1" ]]; then SAID=${STEP_ID[row]}; fi
  done
  [[ -n $SAID ]]
}

# way_to_step NAME: for people: what plays that step of this script.
way_to_step() { if find_step "$1"; then printf './%s --step %s' "$SCRIPT" "$SAID"; else printf './%s' "$SCRIPT"; fi; }

step() {
  STEP_ID+=("$1") STEP_NAME+=("$2") STEP_SHAPE+=("$3") STEP_RISK+=("$4") STEP_BRACKET+=("$5") STEP_DEADLINE+=("$6") STEP_TITLE+=("$7")
  if [[ -z $EACH_GROUP ]]; then
    WALK_ROW+=($((${#STEP_ID[@]} - 1)))
    WALK_NODE+=('')
    WALK_BATCH+=(0)
  fi
}

each() { EACH_GROUP=$1 EACH_BATCH=$2 EACH_FROM=${#STEP_ID[@]}; }

end_each() {
  local node
  local -a batch=()
  while IFS= read -r node; do
    if [[ -n $ONLY_NODE && $node != "$ONLY_NODE" ]]; then continue; fi
    batch+=("$node")
    if ((${#batch[@]} == EACH_BATCH)); then
      walk_batch "${batch[@]}"
      batch=()
    fi
  done < <(nodes_in "$EACH_GROUP")
  if ((${#batch[@]} > 0)); then walk_batch "${batch[@]}"; fi
  EACH_GROUP=''
}

walk_batch() {
  local -i row
  local node
  BATCHES=$((BATCHES + 1))
  for ((row = EACH_FROM; row < ${#STEP_ID[@]}; row++)); do
    for node in "$@"; do
      WALK_ROW+=("$row")
      WALK_NODE+=("$node")
      WALK_BATCH+=("$BATCHES")
    done
  done
}
