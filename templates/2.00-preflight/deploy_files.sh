deploy_files_check() {
  local file
  if [[ ! -r $DEPLOY_TEMPLATES || ! -d $DEPLOY_TEMPLATES ]]; then fail "the templates are not there: $DEPLOY_TEMPLATES" 'correct deploy.templates in the spec'; fi
  if [[ -n $ROLES_FILE && ! -r $ROLES_FILE ]]; then fail "the roles file cannot be read: $ROLES_FILE" 'correct deploy.roles_file in the spec'; fi
  for file in "${ENV_FILES[@]+"${ENV_FILES[@]}"}"; do
    # the client takes a file that is rendered from a .j2.yaml twin
    if [[ ! -r $file && ! -r ${file%.yaml}.j2.yaml ]]; then
      fail "an environment file cannot be read: $file" 'correct env_files in the spec, in the order of the original deployment'
    fi
  done
  for file in "${ENVIRONMENT_DIRECTORIES[@]+"${ENVIRONMENT_DIRECTORIES[@]}"}"; do
    if [[ ! -r $file || ! -d $file ]]; then fail "the folder of environment files is not there: $file" 'correct deploy.environment_directories in the spec'; fi
  done
  if [[ -n $ANSWERS_FILE && ! -r $ANSWERS_FILE ]]; then fail "the answers file cannot be read: $ANSWERS_FILE" 'correct deploy.answers_file in the spec'; fi
  judge_plan_files
  pass_unless_found "the templates and all ${#ENV_FILES[@]} environment files are there"
}

judge_plan_files() {
  judge_question answers_are_meant
  judge_question find_plan_files "${ENV_FILES[@]+"${ENV_FILES[@]}"}"
  if [[ $ANSWER != yes ]]; then return; fi
  # (a question is a process of its own: what it has found is gone with it)
  find_plan_files "${ENV_FILES[@]+"${ENV_FILES[@]}"}"
  judge_own_update "${PLAN_FILES[@]+"${PLAN_FILES[@]}"}"
  judge_order_of_files "${PLAN_FILES[@]+"${PLAN_FILES[@]}"}"
}
