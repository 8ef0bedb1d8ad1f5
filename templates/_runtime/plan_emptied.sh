# A plan whose upload failed. The client takes the old one away before it reads the environment files: by then swift has lost its objects
# and mistral's environment its list of files (tripleoclient: update_plan_from_templates).

# tell_of_plan BEGAN: after the client has failed: what has become of the plan, by asking, and how it comes back. Ends the apply.
tell_of_plan() {
  local copy stack said
  ask plan_stands "$1"
  case $ANSWER in
    yes) give_up "the plan was not uploaded by this change: $WHY" ;;
    unknown) said="whether the plan $STACK in swift is whole cannot be told: $WHY" ;;
    no) said=$WHY ;;
  esac
  complain "$said"
  stack='the running stack is untouched'
  ask stack_is_complete
  if [[ $ANSWER != unknown ]]; then note "$stack: ${WHY:-it is COMPLETE}"; else note "$stack: the client had not come to heat yet"; fi
  note 'until the plan is whole again nothing else may be deployed: no deploy, no scaling, no replacement of a node'
  note 'mend what the client has said above, and the same command uploads the whole plan anew'
  copy=$(last_plan_kept)
  if [[ -n $copy ]]; then
    note 'or bring the plan back that was there before, by this command:'
    note "  $(command_that_restores "$copy")"
  fi
  give_up "the upload of the plan failed, and $said; until it is repaired nothing else may be deployed"
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
  why "the plan $STACK in swift is empty now of its environments: mistral lists none"
  [[ -n $SAID ]] || return 1
  updated=$(plan_updated_at) || return 2
  numbers updated began || return 2
  if ((updated >= began)); then
    why "the client failed after it had written the plan, which has its files and its environments"
  else
    why "the plan $STACK stands as it was before; the client failed before it touched it"
  fi
}

# last_plan_kept: the copy of the plan that stood before this upload: this change's own, or the one from before it. Nothing where there is no
# whole one.
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
