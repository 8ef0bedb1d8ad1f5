deploy_files_check() {
  judge_places
  for_every_file_of_spec judge_file_of_spec
  for_every_folder_of_spec judge_folder_of_spec
  judge_folder_of_login
  judge_unknown_options
  tell_of_validations
  judge_plan_files
  pass_unless_found "the templates and all ${#ENV_FILES[@]} environment files are there"
}

judge_places() {
  if [[ ! -r $DEPLOY_TEMPLATES || ! -d $DEPLOY_TEMPLATES ]]; then fail "the templates are not there: $DEPLOY_TEMPLATES" 'correct deploy.templates in the spec' "# UNRESOLVED deploy.templates, instead of $DEPLOY_TEMPLATES"; fi
  if [[ -n $ROLES_FILE && ! -r $ROLES_FILE ]]; then fail "the roles file cannot be read: $ROLES_FILE" 'correct deploy.roles_file in the spec' "# UNRESOLVED deploy.roles_file, instead of $ROLES_FILE"; fi
  if [[ ! -d $DEPLOY_DIRECTORY || ! -w $DEPLOY_DIRECTORY ]]; then fail "the deploy client cannot write its rc files: $DEPLOY_DIRECTORY" 'correct deploy.directory in the spec'; fi
  if [[ -n $ANSWERS_FILE && ! -r $ANSWERS_FILE ]]; then
    fail "the answers file cannot be read: $ANSWERS_FILE" 'correct deploy.answers_file in the spec' "# UNRESOLVED deploy.answers_file, instead of $ANSWERS_FILE"
  fi
}

# The client accepts a file that it renders from a .j2.yaml.
judge_file_of_spec() {
  if [[ ! -r $1 && ! -r ${1%.yaml}.j2.yaml ]]; then
    fail "an environment file cannot be read: $1" 'correct env_files in the spec, in the order of the original deployment' "# UNRESOLVED env_files, instead of $1"
  fi
}

judge_folder_of_spec() {
  if [[ ! -r $1 || ! -d $1 ]]; then fail "the folder of environment files is not there: $1" 'correct deploy.environment_directories in the spec' "# UNRESOLVED deploy.environment_directories, instead of $1"; fi
}

judge_plan_files() {
  judge_question answers_file_names_spec_templates
  judge_question find_files_of_spec
  if [[ $ANSWER != yes ]]; then return; fi
  # (a question is a process of its own: its variables are gone with it)
  find_files_of_spec
  judge_files_listed
  judge_lost_templates
  judge_time_server
  judge_own_update
  judge_order_of_files
}

# What the answers file lists the spec does not name.
judge_files_listed() {
  local missing=''
  local -a listed=()
  if ! find_answers environment || [[ -z $SAID ]]; then return; fi
  mapfile -t listed <<<"$SAID"
  miss_files "${listed[@]}"
  if [[ -n $missing ]]; then
    fail "$ANSWERS_FILE lists files that cannot be read:$missing" "put them there, or correct the list ;; here: cat $(quoted "$ANSWERS_FILE")"
  fi
}

# Two options of the client change what its own checks refuse; each of them in this section is judged by that.
tell_of_validations() {
  if find_deploy_option --validation-warnings-fatal; then
    tell 'the deploy command has --validation-warnings-fatal: what the client warns of is refused, here too'
  elif find_deploy_option --validation-errors-nonfatal; then
    tell 'the deploy command has --validation-errors-nonfatal: what its checks call an error is a warning, here too'
  fi
}
