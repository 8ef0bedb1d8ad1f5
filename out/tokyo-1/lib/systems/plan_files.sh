# What the deploy command makes the plan of: its environment files, its answers file and its options.

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

# (what is missing is added to the caller's list)
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
