# The overcloud's plan on the undercloud: what it was made from, when, and what it held before.

# plan_inputs: one checksum over all that the deploy command reads: the arguments, the environment files and the templates beside
# them, the roles file and the template collection.
plan_inputs() {
  find_files_of_deploy || return 2
  with_words_of PLAN_FILES sum_of_inputs
}
sum_of_inputs() {
  local file folder
  {
    with_words_of DEPLOY_EXTRA_ARGS printf '%s\n' "$STACK"
    if (($# > 0)); then printf '%s\n' "$@"; fi
    sha256_of_folder "$DEPLOY_TEMPLATES" || return 2
    for file in "$@" ${ANSWERS_FILE:+"$ANSWERS_FILE"} ${ROLES_FILE:+"$ROLES_FILE"}; do
      sha256sum -- "$file" || return 2
      folder=$(dirname -- "$file") || return 2
      # the home folder holds far more than templates
      if [[ $folder != "$UNDERCLOUD_HOME" && $folder != "$DEPLOY_TEMPLATES"* ]]; then sha256_of_folder "$folder" || return 2; fi
    done
  } | sha256sum | cut --delimiter=' ' --fields=1
}

# Without what an editor, git or the deploy command itself writes beside the files: nothing of it is in a plan.
sha256_of_folder() {
  find "$1" -mindepth 1 -xdev -name '.*' -prune -o -type f ! -name '*~' ! -name "${STACK}rc" ! -name "${STACK}rc.v3" \
    ! -name tempest-deployer-input.conf -print0 | LC_ALL=C sort --zero-terminated | xargs --null --no-run-if-empty sha256sum --
}

# plan_is_up_to_date: this change has uploaded the plan from the deploy command's files as they are now, and nobody has written another since.
plan_is_up_to_date() {
  local inputs began sums written updated ours theirs
  find_plan_record || return
  read -r began sums written _ <<<"$SAID"
  inputs=$(plan_inputs) || return 2
  why 'the templates or environment files have changed since the plan was uploaded' "$(way_to_step update_plan)"
  [[ $sums == "$inputs" ]] || return 1
  updated=$(plan_updated_at) || return 2
  numbers updated began written || return 2
  time_into theirs '%F %TZ' "$updated"
  time_into ours '%F %TZ' "$written"
  why "mistral's plan is of $theirs, and the one that this change uploaded is of $ours" \
    "find out who has deployed; the next upload replaces that plan ;; stackrc: openstack workflow env show $STACK"
  ((updated == written)) || return 1
  time_into ours '%F %TZ' "$began"
  why "the plan was uploaded $ours"
}

# find_plan_record: sets SAID: when this change began to upload its plan, in seconds since 1970; the checksum of what it was made from; when mistral
# wrote it; and the package update that the stack had seen last. An update is this change's if it is another one: a clock may be set back
# between the two.
find_plan_record() {
  find_record plan || return 2
  if [[ $SAID != *' '*' '*' '* ]]; then
    why 'this change has not uploaded the plan yet' "$(way_to_step update_plan)"
    return 1
  fi
}

# keep_plan_record BEGAN INPUTS: and the update before the first plan of this change. INPUTS is of before the upload: a file that is saved while it
# runs counts as changed.
keep_plan_record() {
  local last first written
  written=$(plan_updated_at)
  last=$(printed find_stack_fact update_identifier)
  first=$(record plan-first)
  if [[ -z $first ]]; then keep_record plan-first "${last:-none}"; fi
  keep_record plan "$1 $2 $written ${last:-none}"
}

plan_updated_at() {
  local environment updated
  hear_undercloud openstack workflow env show "$STACK" --format json || {
    why "mistral has no environment $STACK: $(said_last)" "stackrc: openstack workflow env show $STACK"
    return 2
  }
  environment=$SAID
  parsed mistral updated <<<"$environment" || return 2
  updated=$SAID
  date --utc --date="$updated" +%s
}

# save_plan WORD: the plan's container and environment as they are now, and the rc files that the deploy command rewrites. Readable for us
# alone: passwords are among it.
save_plan() {
  local folder=$STATE/plan-$1 file
  insist plan_stays_in_its_folder
  mkdir --parents -- "$folder.new/container"
  chmod 0700 -- "$folder.new"
  (
    cd -- "$folder.new/container"
    with_stackrc openstack container save "$STACK" >/dev/null
  )
  with_stackrc openstack workflow env show "$STACK" --format json >"$folder.new/environment.json"
  parse mistral file <"$folder.new/environment.json" >"$folder.new/mistral.json"
  for file in "${STACK}rc" "${STACK}rc.v3" tempest-deployer-input.conf; do
    if [[ -e $DEPLOY_DIRECTORY/$file ]]; then cp --preserve -- "$DEPLOY_DIRECTORY/$file" "$folder.new/"; fi
  done
  rm --recursive --force -- "$folder"
  publish_folder "$folder.new" "$folder"
}

# plan_stays_in_its_folder: swift's objects are kept as files of their names, and one called ../a would be written beside the copy.
plan_stays_in_its_folder() {
  local name
  hear_undercloud openstack object list "$STACK" --format value --column Name || return 2
  while IFS= read -r name; do
    if [[ $name != /* && /$name/ != */../* ]]; then continue; fi
    why "the plan $STACK in swift has an object whose name leads out of its copy: $name" "stackrc: openstack object list $(quoted "$STACK")"
    return 1
  done <<<"$SAID"
}

# The first copy is what was there before this change; an earlier run's stays.
save_plan_before() {
  if [[ ! -e $STATE/plan-before ]]; then save_plan before; fi
}

# show_plan_difference: which files differ, by name alone: their lines may be passwords.
show_plan_difference() {
  local status=0
  diff --recursive --brief -- "$STATE/plan-before" "$STATE/plan-after" || status=$?
  if ((status > 1)); then exit 1; fi
  note "details: diff --recursive $STATE/plan-before $STATE/plan-after"
}

# files_of_deploy_are_there: every one, so that nothing is uploaded halfway. A template's .j2 twin counts, as it does for the client, which
# skips a folder that is not there: the check does not.
files_of_deploy_are_there() {
  local missing=''
  with_words_of ENVIRONMENT_DIRECTORIES miss_folders "$DEPLOY_DIRECTORY"
  if [[ -n $ANSWERS_FILE && ! (-f $ANSWERS_FILE && -r $ANSWERS_FILE) ]]; then
    missing+=" $ANSWERS_FILE"
    with_words_of DEPLOY_ENV_FILES miss_files
  else
    find_files_of_deploy || return 2
    with_words_of PLAN_FILES miss_files
  fi
  miss_files ${ROLES_FILE:+"$ROLES_FILE"}
  why "cannot be read:$missing" 'correct the spec, or put the file there'
  [[ -z $missing ]]
}

# find_role_counts: sets SAID: `ROLECount NUMBER` of each that the environment files of the deploy command set.
find_role_counts() {
  find_files_of_deploy || return 2
  with_words_of PLAN_FILES parsed environments counts
}

# roles_without_count: the site's roles whose number of nodes neither the environment files nor the deploy command's own options say, and which have
# more nodes than the role's default: 1 for controllers and computes, 0 for all others.
roles_without_count() {
  local role counts
  find_role_counts || return 2
  counts=$SAID
  while read -r role; do
    if ! find_value "${role}Count" "$counts" && ! scale_is_told "$role"; then printf '%s\n' "$role"; fi
  done < <(awk -F '\t' '!/^#/ && ++count[$2] == 1 + ($2 ~ /^(Controller|Compute)$/) { print $2 }' "$COPY/lib/nodes.tsv")
}

# scale_is_told ROLE: by an option of the deploy command, whose number was compared with the site's when it was compiled.
scale_is_told() {
  case $1 in
    Controller) find_deploy_option --control-scale ;;
    Compute) find_deploy_option --compute-scale ;;
    CephStorage) find_deploy_option --ceph-storage-scale ;;
    BlockStorage) find_deploy_option --block-storage-scale ;;
    ObjectStorage) find_deploy_option --swift-storage-scale ;;
    *) return 1 ;;
  esac
}

# tell_of_counts: for people, the roles whose number of nodes nothing sets.
tell_of_counts() {
  local roles
  roles=$(roles_without_count) || return 2
  if [[ -z $roles ]]; then return 0; fi
  printf 'warning: no environment file sets the number of nodes of %s; the plan will use an earlier value,\n' "${roles//$'\n'/, }"
  printf 'or the default of the role. If that is lower than the number of nodes, HEAT DELETES NODES:\n'
  printf 'set %s in an environment file before you continue.\n' "$(awk '{ printf "%s%sCount", comma, $1; comma = ", " }' <<<"$roles")"
}

# role_counts_are_told: what an earlier plan said may still count, or the role's default; the nodes above that number heat deletes.
role_counts_are_told() {
  local roles
  roles=$(roles_without_count) || return 2
  why "no environment file sets the number of nodes of ${roles//$'\n'/, }; unless the plan in use has it, heat deletes nodes" \
    "add the environment file that sets it to the spec"
  [[ -z $roles ]]
}

# role_counts_are_kept: no role is set to fewer nodes than it has; that would delete machines.
role_counts_are_kept() {
  local role have told counts
  find_role_counts || return 2
  counts=$SAID
  while read -r have role; do
    find_fact "${role}Count" "$counts"
    told=$SAID
    if [[ -z $told ]]; then continue; fi
    numbers told have || return 2
    if ((told < have)); then
      why "${role}Count is $told in the environment files, and the site has $have such nodes" 'correct the environment files'
      return 1
    fi
  done < <(awk -F '\t' '!/^#/ { count[$2]++ } END { for (role in count) print count[role], role }' "$COPY/lib/nodes.tsv")
}

# A plan whose upload failed. The client takes the old one away before it reads the environment files: by then swift has lost its objects
# and mistral's environment its list of files (tripleoclient: update_plan_from_templates).

# tell_of_plan BEGAN: after the client has failed: asks in which state the plan is, and says how it comes back. Ends the apply.
tell_of_plan() {
  local copy stack said
  copy=$(last_plan_kept)
  ask plan_stands "$1"
  case $ANSWER in
    yes)
      if [[ -n $copy ]]; then note "the plan as it was before this upload is kept in $copy"; fi
      give_up "the plan was not uploaded by this change: $WHY"
      ;;
    unknown) said="it is unknown whether the plan $STACK in swift is complete: $WHY" ;;
    no) said=$WHY ;;
  esac
  complain "$said"
  stack='the running stack is untouched'
  ask stack_is_complete
  if [[ $ANSWER != unknown ]]; then note "$stack: ${WHY:-it is COMPLETE}"; else note "$stack: the client had not called heat yet"; fi
  note 'until the plan is complete again, deploy nothing else: no deploy, no scaling, no replacement of a node'
  note 'fix what the client reported above, then run the same command: it uploads the whole plan again'
  if [[ -n $copy ]]; then
    note 'or restore the previous plan with this command:'
    note "  $(command_that_restores "$copy")"
  fi
  give_up "the upload of the plan failed, and $said; deploy nothing else until it is repaired"
}

# plan_stands BEGAN: swift has files of the plan and mistral its environments. The reason says which plan it is.
plan_stands() {
  local environment updated began=$1
  hear_undercloud openstack object list "$STACK" --format value --column Name || return 2
  why "the plan $STACK in swift is empty now"
  [[ -n $SAID ]] || return 1
  hear_undercloud openstack workflow env show "$STACK" --format json || return 2
  environment=$SAID
  parsed mistral environments <<<"$environment" || return 2
  why "the plan $STACK has lost its environments: mistral lists none"
  [[ -n $SAID ]] || return 1
  updated=$(plan_updated_at) || return 2
  numbers updated began || return 2
  if ((updated >= began)); then
    why "the client failed after it had written the plan, which has its files and its environments"
  else
    why "the plan $STACK is unchanged; the client failed before it touched it"
  fi
}

# last_plan_kept: the copy of the plan as it was before this upload: this change's own, or the one from before it. Nothing if there is no whole one.
last_plan_kept() {
  local folder
  for folder in "$STATE/plan-after" "$STATE/plan-before"; do
    if [[ -s $folder/mistral.json && -n $(find "$folder/container" -type f -print -quit) ]]; then
      printf '%s\n' "$folder"
      return
    fi
  done
}

# command_that_restores FOLDER
command_that_restores() {
  printf "(. ~/stackrc && cd %s && find . -type f -printf '%%P\\\\0' | xargs -0 openstack object create %s >/dev/null && openstack workflow env update %s >/dev/null)" \
    "$(quoted "$1/container")" "$(quoted "$STACK")" "$(quoted "$1/mistral.json")"
}
