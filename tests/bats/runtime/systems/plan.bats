# The record of the overcloud's plan: what the deploy command reads is in its checksum, each of it.

load ../helpers

# The files of a deploy command that names one of everything.
setup() {
  bundle_up
  PLAN="$BATS_TEST_TMPDIR/plan"
  mkdir -p "$PLAN"/{tree/environments,env.d,beside} "$HOUSE/.tripleo/environments"
  printf 'a template\n' | tee "$PLAN/tree/overcloud.yaml" "$PLAN/beside/nic.yaml" >/dev/null
  printf 'parameter_defaults: {}\n' | tee "$PLAN/beside/net.yaml" "$PLAN/env.d/10.yaml" "$PLAN/said.yaml" "$HOUSE/.tripleo/environments/own.yaml" >/dev/null
  printf 'templates: %s\nenvironments:\n- %s\n' "$PLAN/tree" "$PLAN/said.yaml" >"$PLAN/answers.yaml"
  printf -- '- name: Controller\n' >"$HOUSE/roles_data.yaml"
}

# inputs [ASSIGNMENT]: the checksum, with one of the spec's values set otherwise.
inputs() {
  words '. "$BUNDLE/lib/systems/plan_files.sh"; . "$BUNDLE/lib/systems/plan.sh"
    DEPLOY_TEMPLATES='"$PLAN/tree"' DEPLOY_ENV_FILES=('"$PLAN/beside/net.yaml"') ENVIRONMENT_DIRECTORIES=('"$PLAN/env.d"')
    DEPLOY_DIRECTORY='"$PLAN"' ANSWERS_FILE='"$PLAN/answers.yaml"' ROLES_FILE=$UNDERCLOUD_HOME/roles_data.yaml DEPLOY_EXTRA_ARGS=(--ntp-server 192.0.2.1)
    '"${1-}"'
    plan_inputs'
  exits 0
  printf '%s' "$output"
}

@test "every file that the deploy command reads is in the plan's checksum" {
  local file before=''
  before=$(inputs)
  same "$before" "$(inputs)"
  for file in "$PLAN"/{tree/overcloud.yaml,beside/nic.yaml,beside/net.yaml,env.d/10.yaml,said.yaml,answers.yaml} "$HOUSE"/{.tripleo/environments/own,roles_data}.yaml; do
    printf '# edited\n' >>"$file"
    [[ $(inputs) != "$before" ]] || { echo "not in the checksum: $file"; false; }
    before=$(inputs)
  done
}

@test "a file that comes to a folder which the client reads is another plan" {
  local before file
  before=$(inputs)
  for file in "$PLAN/tree/environments/ssl.yaml" "$PLAN/env.d/20.yaml" "$HOUSE/.tripleo/environments/more.yaml"; do
    printf 'parameter_defaults: {}\n' >"$file"
    [[ $(inputs) != "$before" ]] || { echo "not in the checksum: $file"; false; }
    before=$(inputs)
  done
}

@test "the stack and the arguments are in the plan's checksum, and what an editor leaves beside a template is not" {
  local before
  before=$(inputs)
  [[ $(inputs 'STACK=other') != "$before" ]]
  [[ $(inputs 'DEPLOY_EXTRA_ARGS=(--ntp-server 192.0.2.2)') != "$before" ]]
  printf 'x\n' | tee "$PLAN/tree/overcloud.yaml~" "$PLAN/tree/.overcloud.yaml.swp" >/dev/null
  same "$before" "$(inputs)"
}

@test "an object of swift whose name leads out of the folder is not kept, nor is anything else of that plan" {
  touch "$HOUSE/stackrc"
  tool openstack 'echo "$*" >>"$WORLD/calls"; if [[ $1 == object ]]; then cat "$WORLD/names"; fi'
  for name in ../../.ssh/authorized_keys /etc/cron.d/x a/../../x .. ...yaml a..b/c.yaml .a/..b; do
    printf 'overcloud.yaml\n%s\n' "$name" >"$WORLD/names"
    words '. "$BUNDLE/lib/systems/plan.sh"; ask plan_stays_in_its_folder; echo "$ANSWER"'
    case $name in
      ... | ...yaml | a..b* | .a*) same yes "$output" ;;
      *) same no "$output" ;;
    esac
  done
  printf '../x\n' >"$WORLD/names"
  rm "$WORLD/calls"
  words '. "$BUNDLE/lib/systems/plan.sh"; STATE=$WORLD/state; set -e; save_plan before'
  exits 1
  has 'leads out of its copy: ../x'
  same 'object list overcloud --format value --column Name' "$(calls)"
}

# asked OPTIONS: what the client's error and its warning are here, with these options of the deploy command.
asked() {
  words '. "$BUNDLE/lib/systems/plan_files.sh"; . "$BUNDLE/lib/systems/predeploy.sh"; DEPLOY_OPTIONS=('"$1"'); set +e
    as_client fail "an error"; as_client warn "a warning"; cut -f 1,2 "$SCRATCH/findings"'
}

@test "two options of the client make errors of its warnings, and warnings of its errors" {
  asked ''
  same $'fail\tan error\nwarn\ta warning' "$output"
  asked --validation-warnings-fatal
  has $'fail\tan error'
  has $'fail\ta warning; with --validation-warnings-fatal the client refuses it'
  asked --validation-errors-nonfatal
  has $'warn\tan error; with --validation-errors-nonfatal the client goes on all the same'
  has $'warn\ta warning'
  asked '--validation-errors-nonfatal --validation-warnings-fatal'
  has $'fail\tan error'
}

# counted NODES OPTIONS: of a stack of five nodes, one of which this undercloud did not deploy, with so many in ironic.
counted() {
  words '. "$BUNDLE/lib/systems/plan_files.sh"; . "$BUNDLE/lib/systems/predeploy.sh"; DEPLOY_OPTIONS=('"$2"'); set +e
    count_of() { if [[ $1 == all ]]; then echo 5; else echo 1; fi; }
    : >"$SCRATCH/findings"; for _ in {1..'"$1"'}; do printf "n\tid\tpower on\tTrue\n"; done | judge_number_of_nodes; cut -f 1 "$SCRATCH/findings"'
}

@test "a node that this undercloud did not deploy: the client counts it, and ironic does not have it" {
  counted 5 ''
  same '' "$output"
  counted 4 ''
  same warn "$output"
  counted 4 --validation-errors-nonfatal
  same '' "$output"
  counted 3 ''
  same fail "$output"
  counted 3 --validation-errors-nonfatal
  same warn "$output"
}

@test "an answers file lists files in a list of any form, relative ones from the folder that the client is called in" {
  local form
  for form in '[said.yaml, "/b c.yaml"]' $'\n- said.yaml # ours\n- /b c.yaml'; do
    printf 'templates: %s/ # own\nenvironments: %s\n' "$PLAN/tree" "$form" >"$PLAN/answers.yaml"
    words '. "$BUNDLE/lib/systems/plan_files.sh"; DEPLOY_DIRECTORY='"$PLAN/called ANSWERS_FILE=$PLAN/answers.yaml DEPLOY_TEMPLATES=$PLAN/tree"'
      find_answers environment; printf "%s\n" "$SAID"; ask answers_file_names_spec_templates; echo "$ANSWER"'
    same "$PLAN/called/said.yaml"$'\n/b c.yaml\nyes' "$output"
  done
  printf 'environments: said.yaml\n' >"$PLAN/answers.yaml"
  words '. "$BUNDLE/lib/systems/plan_files.sh"; DEPLOY_DIRECTORY='"$PLAN"' ANSWERS_FILE='"$PLAN/answers.yaml"'; ask find_answers environment; echo "$ANSWER: $WHY"'
  has "unknown: cannot read the environments of $PLAN/answers.yaml: line 1: environments is not a list of files"
}

@test "a role needs a count if it has more nodes than its default: one controller or compute, and none of any other role" {
  printf 'g1\tGateway\t192.0.2.20\tall\n' >>"$BUNDLE/lib/nodes.tsv"
  words '. "$BUNDLE/lib/systems/plan.sh"; find_role_counts() { SAID=; }; scale_is_told() { return 1; }; roles_without_count'
  same $'Compute\nGateway' "$output"
}
