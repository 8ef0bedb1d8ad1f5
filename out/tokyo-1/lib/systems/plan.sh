# The overcloud's plan on the undercloud: what it was made from, when, and what it held before.

# find_plan_files FILE...: sets PLAN_FILES to every environment file that the client reads, in its order: those of its own folder and of the folders
# that the spec names, each folder's sorted; those that the answers file lists; then the files of the call.
PLAN_FILES=()
find_plan_files() {
  local file listed
  PLAN_FILES=()
  with_words_of ENVIRONMENT_DIRECTORIES add_files_in "$UNDERCLOUD_HOME/.tripleo/environments"
  find_answers environment || return 2
  listed=$SAID
  while IFS= read -r file; do
    if [[ -e $file && ! -f $file ]]; then
      why "$ANSWERS_FILE lists $file, which is not a file" "put the file itself there ;; here: ls -ld $(quoted "$file")"
      return 2
    fi
    if [[ -n $file ]]; then PLAN_FILES+=("$file"); fi
  done <<<"$listed"
  PLAN_FILES+=("$@")
}
# add_files_in FOLDER...: to PLAN_FILES; in each folder as Python sorts.
add_files_in() {
  local folder file LC_ALL=C
  for folder in "$@"; do
    for file in "$folder"/*.yaml; do
      if [[ -f $file ]]; then PLAN_FILES+=("$file"); fi
    done
  done
}
# (the client would read one more folder, which no record has)
FOLDER_OF_LOGIN=${TRIPLEO_ENVIRONMENT_DIRECTORY-}
unset TRIPLEO_ENVIRONMENT_DIRECTORY

# judge_folder_of_login: for the first day: the site may have been deployed with it.
judge_folder_of_login() {
  if [[ -z $FOLDER_OF_LOGIN ]] || with_words_of ENVIRONMENT_DIRECTORIES is_among_folders "$FOLDER_OF_LOGIN"; then return; fi
  warn "TRIPLEO_ENVIRONMENT_DIRECTORY is set to $FOLDER_OF_LOGIN here; the client would read that folder, and the scripts do not hand it on" \
    'if the site is deployed with it, add it to deploy.environment_directories in the spec, as the last, and compile again' \
    "# UNRESOLVED $FOLDER_OF_LOGIN as the last of deploy.environment_directories, if the site is deployed with it"
}
is_among_folders() {
  local folder=${1%/} one
  shift
  for one in "$@"; do if [[ ${one%/} == "$folder" ]]; then return 0; fi; done
  return 1
}

# find_files_of_spec: PLAN_FILES with the spec's files at its end; find_files_of_deploy: with those of the deploy command, ours of 2.03 among them.
find_files_of_spec() { with_words_of ENV_FILES find_plan_files; }
find_files_of_deploy() { with_words_of DEPLOY_ENV_FILES find_plan_files; }

# plan_files_say WORD...: for a check: sets SAID to what the parser finds in PLAN_FILES; a no, with a fail, where it cannot read them.
plan_files_say() {
  with_words_of PLAN_FILES parsed environments "$@" && return
  fail "cannot read the environment files: $(said_last)" 'below resource_registry and parameter_defaults there is a name and its value on each line'
  return 1
}

# for_every_file_of_spec QUESTION: asks QUESTION FILE of every environment file that the spec names; the first no or cannot tell counts.
for_every_file_of_spec() { with_words_of ENV_FILES ask_of_each "$1"; }
# for_every_folder_of_spec QUESTION: the same of the folders of environment files.
for_every_folder_of_spec() { with_words_of ENVIRONMENT_DIRECTORIES ask_of_each "$1"; }
ask_of_each() {
  local question=$1 word
  shift
  for word in "$@"; do
    "$question" "$word" || return
  done
}

# find_answers KIND: sets SAID: of the answers file `templates`, or each `environment`, one per line; nothing without such a file. The client takes
# a relative path from the folder that it is called in.
find_answers() {
  local kind=$1 said
  SAID=''
  if [[ -z $ANSWERS_FILE ]]; then return 0; fi
  # a pipe, for one, would be waited for
  [[ ! -e $ANSWERS_FILE || -f $ANSWERS_FILE ]] || {
    why "$ANSWERS_FILE is not a file" 'correct deploy.answers_file in the spec, or put the file there'
    return 2
  }
  [[ -r $ANSWERS_FILE ]] || {
    why "the answers file cannot be read: $ANSWERS_FILE" 'correct deploy.answers_file in the spec'
    return 2
  }
  parsed environments answers "$ANSWERS_FILE" "$DEPLOY_DIRECTORY" || {
    said=$(said_last)
    why "cannot read the environments of $ANSWERS_FILE: ${said#ValueError: }" "write them as a list of files: $ANSWERS_FILE"
    return 2
  }
  SAID=$(awk -F '\t' -v kind="$kind" '$1 == kind { print $2 }' <<<"$SAID") || return 2
}

# answers_file_names_spec_templates: the templates that the answers file names are the spec's; those are in the command, and so win.
answers_file_names_spec_templates() {
  local named
  if [[ -z $ANSWERS_FILE ]]; then return 0; fi
  find_answers templates || return 2
  named=$SAID
  why "the answers file $ANSWERS_FILE names the templates ${named:-(none)}, but the spec names $DEPLOY_TEMPLATES" \
    "correct deploy.templates in the spec, and compile again; or the file"
  [[ $named == "${DEPLOY_TEMPLATES%/}" ]]
}

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

# Without what an editor or git keeps beside the files: nothing of it is in a plan.
sha256_of_folder() {
  find "$1" -mindepth 1 -xdev -name '.*' -prune -o -type f ! -name '*~' -print0 | LC_ALL=C sort --zero-terminated |
    xargs --null --no-run-if-empty sha256sum --
}

# plan_is_up_to_date: this change has uploaded the plan from the deploy command's files as they are now, and mistral still has it.
plan_is_up_to_date() {
  local kept inputs began updated
  find_record plan || return 2
  kept=$SAID
  if [[ -z $kept ]]; then
    why 'this change has not uploaded the plan yet'
    return 1
  fi
  inputs=$(plan_inputs) || return 2
  why 'the templates or environment files have changed since the plan was uploaded'
  [[ ${kept#* } == "$inputs" ]] || return 1
  began=${kept%% *}
  updated=$(plan_updated_at) || return 2
  numbers updated began || return 2
  why "mistral's plan is older than the one this change uploaded" "stackrc: openstack workflow env show $STACK"
  ((updated >= began)) || return 1
  why "the plan was uploaded $(date --utc --date="@$began" '+%F %TZ')"
}

# plan_began: when this change began to upload its plan, in seconds since 1970.
plan_began() {
  local kept
  find_record plan || return 2
  kept=$SAID
  if [[ -z $kept ]]; then
    why 'this change has not uploaded the plan yet' "$(way_to_step update_plan)"
    return 1
  fi
  printf '%s\n' "${kept%% *}"
}

# keep_plan_record BEGAN: what the plan was made from, and when; and when this change uploaded its first one.
keep_plan_record() {
  local began=$1 inputs first
  inputs=$(plan_inputs)
  first=$(record plan-first)
  if [[ -z $first ]]; then keep_record plan-first "$began"; fi
  keep_record plan "$began $inputs"
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
miss_folders() {
  local folder
  for folder in "$@"; do
    if [[ ! -d $folder || ! -r $folder ]]; then missing+=" $folder"; fi
  done
}
miss_files() {
  local file
  for file in "$@"; do
    if [[ ! (-f $file && -r $file) && ! (-f ${file%.yaml}.j2.yaml && -r ${file%.yaml}.j2.yaml) ]]; then missing+=" $file"; fi
  done
}

# find_role_counts: sets SAID: `ROLECount NUMBER` of each that the environment files of the deploy command set.
find_role_counts() {
  find_files_of_deploy || return 2
  with_words_of PLAN_FILES parsed environments counts
}

# roles_without_count: the site's roles whose number of nodes neither the environment files nor the deploy command's own options say. The plan
# then has what an earlier one said, or the role's default: 1 for controllers and computes, 0 for all others.
roles_without_count() {
  local role counts
  find_role_counts || return 2
  counts=$SAID
  while read -r role; do
    if ! find_value "${role}Count" "$counts" && ! scale_is_told "$role"; then printf '%s\n' "$role"; fi
  done < <(awk -F '\t' '!/^#/ && !seen[$2]++ { print $2 }' "$COPY/lib/nodes.tsv")
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

# find_deploy_option NAME: sets SAID to its value, the last one where it is given twice; a no where the deploy command does not have it. What the
# operator has abbreviated is written out there.
find_deploy_option() { with_words_of DEPLOY_OPTIONS find_option "$1"; }
find_option() {
  local name=$1 word
  local -i found=1
  shift
  SAID=''
  for word in "$@"; do
    case $word in
      "$name") found=0 SAID='' ;;
      "$name="*) found=0 SAID=${word#*=} ;;
    esac
  done
  return "$found"
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

# journal_counts: the same for the record.
journal_counts() {
  local roles
  roles=$(roles_without_count)
  if [[ -n $roles ]]; then journal "${STEP_ID[CURRENT_ROW]}" - warning "no environment file sets the number of nodes of ${roles//$'\n'/, }"; fi
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
