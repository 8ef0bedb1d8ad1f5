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
  judge_own_update
  pass_unless_found "the templates and all ${#ENV_FILES[@]} environment files are there"
}
