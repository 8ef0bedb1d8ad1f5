# What the client checks by itself before it takes a plan, asked on the first day: docs/preconditions.md has each with its source.

# as_client fail|warn REASON [REMEDY]: what the client calls an error or a warning, which two options of the deploy command turn round.
as_client() {
  local word=$1 reason=$2 SAID
  shift 2
  if find_deploy_option --validation-warnings-fatal; then
    if [[ $word == warn ]]; then reason+='; with --validation-warnings-fatal the client refuses it'; fi
    word=fail
  elif [[ $word == fail ]] && find_deploy_option --validation-errors-nonfatal; then
    word=warn reason+='; with --validation-errors-nonfatal the client goes on all the same'
  fi
  "$word" "$reason" "$@"
}

# over_bare_metal JUDGE [ARG...]: with the rows of `parse ironic nodes` on stdin. A list that cannot be had, or is empty, is a fail, unless this
# undercloud has deployed none of the nodes.
over_bare_metal() {
  local rows
  if ! rows=$(bare_metal_rows); then
    fail "cannot list bare metal nodes: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack baremetal node list'
  elif [[ -z $rows ]] && no_node_deployed_here; then
    return
  elif [[ -z $rows ]]; then
    fail 'ironic lists no node at all' 'stackrc: openstack baremetal node list'
  else
    "$@" <<<"$rows"
  fi
}

bare_metal_rows() {
  local answer
  hear_undercloud openstack baremetal node list --format json --fields uuid name instance_uuid power_state maintenance provision_state \
    driver_info properties maintenance_reason last_error 2>"$SCRATCH/list.err" || return 2
  answer=$SAID
  parse ironic nodes <<<"$answer" 2>>"$SCRATCH/list.err" || return 2
}

# judge_bare_metal: the rows on stdin. Spares that are off or in maintenance, and machines of other stacks, are left to their owner; SERVERS
# has the id and the name of each server of the spec.
judge_bare_metal() {
  local name instance power maintenance provisioning kernel ramdisk capabilities reason error named shown
  while IFS=$'\t' read -r name instance power maintenance provisioning kernel ramdisk capabilities reason error; do
    quote_into named "$name"
    shown="stackrc: openstack baremetal node show $named -c power_state -c last_error -c maintenance_reason"
    if [[ $maintenance == False && $capabilities != - && ! $capabilities =~ ^[^,]*:[^,]*(,[^,]*:[^,]*)*$ ]]; then
      fail "$name: its capabilities cannot be read by the client: $capabilities" "$(how_to_tag "$name" "$capabilities")"
    elif [[ $maintenance == False && $capabilities != *boot_option:local* ]]; then
      as_client warn "$name: its capabilities do not have boot_option:local ($capabilities)" "$(how_to_tag "$name" "$capabilities")"
    fi
    if [[ $instance == - && $maintenance == False ]]; then judge_spare "$name" "$provisioning"; fi
    if [[ $instance == - || $'\n'$SERVERS != *$'\n'"$instance"$'\t'* ]]; then continue; fi
    if [[ $maintenance != False ]]; then
      fail "$name: it has an instance and is in maintenance (reason: $reason; last error: $error)" \
        "once its BMC answers, the second takes it out ;; $shown ;; stackrc: openstack baremetal node maintenance unset $named"
    fi
    case $power in
      'power on') ;;
      - | error) fail "$name: ironic does not know its power state ($power; last error: $error)" "see that its BMC answers ;; $shown" ;;
      *) fail "$name: its power state is $power, but it has an instance" "$shown; openstack baremetal node power on $named" ;;
    esac
    # while ironic is at work on it the check of the stack says so
    if [[ $provisioning != active ]] && ! ironic_works_on "$provisioning"; then
      fail "$name: its provisioning state is $provisioning, but it has an instance" \
        "almost any command to ironic may wipe its disks now: find out who moved it, and have support bring it back to active; do not provide, clean or undeploy it ;; ${shown/-c power_state/-c provision_state -c power_state}"
    fi
  done
}

# ironic_works_on PROVISIONING: a plain yes or no: the state is one that ironic leaves by itself, as deploying or `clean wait`.
ironic_works_on() { [[ $1 == *ing || $1 == wait* || $1 == *wait ]]; }

# judge_spare NAME PROVISIONING: a machine without an instance, out of maintenance. The client counts for a profile what is available or active.
# Only from manageable does ironic make a machine available, and what was deployed has to be undeployed first.
judge_spare() {
  local named ways
  quote_into named "$1"
  case $2 in
    manageable) ways="openstack baremetal node provide $named" ;;
    # ironic first asks the machine's board, and makes nothing available meanwhile
    enroll)
      ways="openstack baremetal node manage $named && while openstack baremetal node show $named -f value -c provision_state | grep -qx verifying; do sleep 5; done && openstack baremetal node provide $named"
      ;;
    error | 'deploy failed') ways="openstack baremetal node undeploy $named" ;;
    *) ways="openstack baremetal node manage $named && openstack baremetal node provide $named" ;;
  esac
  if ironic_works_on "$2"; then return; fi
  case $2 in
    - | None | available | active) ;;
    manageable | enroll | *failed | error)
      warn "$1: it has no instance and its provisioning state is $2, so that the client does not count it as a spare" \
        "nothing to do if it is not to be one; else, once the last error is cured, the second makes it available, and may clean its disks ;; stackrc: openstack baremetal node show $named -c provision_state -c last_error ;; stackrc: $ways"
      ;;
    *)
      warn "$1: it has no instance and its provisioning state is $2, so that the client does not count it as a spare" \
        "stackrc: openstack baremetal node show $named -c provision_state -c last_error"
      ;;
  esac
}

# how_to_tag NAME CAPABILITIES: ironic replaces them all, so that the others of the node are written again: `node:controller-0` is its place.
how_to_tag() {
  local kept
  if kept=$(words_of_capabilities "$2"); then
    printf '%s' "stackrc: openstack baremetal node set $(quoted "$1") --property $(quoted "capabilities=$kept,boot_option:local")"
  else
    printf '%s' "stackrc: read -rp 'its profile: ' P; openstack baremetal node set $(quoted "$1") --property \"capabilities=profile:\$P,boot_option:local\""
  fi
}

# words_of_capabilities CAPABILITIES: those that are `key:value`, without the way to boot; 1 where none has a profile or a place.
words_of_capabilities() {
  awk -v RS=, '
    { gsub(/^[[:space:]]+|[[:space:]]+$/, "") }
    /^[^:]+:./ && !/^boot_option:/ { found = found "," $0 }
    /^(profile|node):./ { placed = 1 }
    END { if (!placed) exit 1; print substr(found, 2) }' <<<"$1"
}

# judge_boot_image NAME IMAGES: glance has exactly one of that name; sets SAID to its id, or to nothing. 2.05 brings what is missing.
judge_boot_image() {
  local ids
  SAID=''
  ids=$(awk -v name="$1" '$1 == name { print $2 }' <<<"$2")
  if [[ $ids == *$'\n'* ]]; then
    as_client fail "glance has more than one image $1: ${ids//$'\n'/, }" \
      "delete the one that no node names in driver_info, with openstack image delete ;; stackrc: openstack image list --long; openstack baremetal node list --fields name driver_info"
  elif [[ -n $ids ]]; then
    SAID=$ids
  elif [[ $IMAGES == update ]]; then
    warn "glance has no image $1" "$(section_named update-images) uploads it"
  else
    as_client fail "glance has no image $1" "$(how_to_upload_images)"
  fi
}

# The client needs all of the files, even for one image, and compares those in glance with the ones of the folder that it is called in.
how_to_upload_images() {
  local folder
  quote_into folder "$IMAGES_DIR"
  printf '%s' "here: mkdir -p $folder; [ -n \"\$(ls $folder)\" ] || for i in /usr/share/rhosp-director-images/*-latest-10.0.tar; do tar -C $folder -xf \"\$i\"; done" \
    " ;; stackrc: cd $folder && openstack overcloud image upload --image-path $folder"
}

# judge_boot_of_nodes KERNEL RAMDISK: the rows on stdin. The client compares every node that is out of maintenance.
judge_boot_of_nodes() {
  local name instance power maintenance provisioning kernel ramdisk rest names other=''
  while IFS=$'\t' read -r name instance power maintenance provisioning kernel ramdisk rest; do
    if [[ $maintenance == False && ($kernel != "$1" || $ramdisk != "$2") ]]; then other+=${other:+$'\n'}$name; fi
  done
  if [[ -z $other ]]; then return; fi
  if [[ $IMAGES == update ]]; then
    warn "these nodes name other deploy images than glance has: ${other//$'\n'/, }" "$(section_named update-images) sets them; nothing to do"
  else
    words_into names "$other"
    as_client fail "these nodes name other deploy images than glance has: ${other//$'\n'/, }" \
      "stackrc: for node in $names; do openstack overcloud node configure \"\$node\"; done"
  fi
}

# client_flavor_rows FILE: of the flavors that the deploy command names, where FILE has the rows of the bare metal nodes.
client_flavor_rows() {
  local answer
  hear_undercloud openstack flavor list --long --format json 2>"$SCRATCH/list.err" || return 2
  answer=$SAID
  with_words_of DEPLOY_OPTIONS parse predeploy flavors "$1" <<<"$answer" 2>>"$SCRATCH/list.err" || return 2
}

# judge_flavors: the rows of `parse predeploy flavors` on stdin.
judge_flavors() {
  local word name more tagged wanted
  while IFS=$'\t' read -r word name more tagged wanted; do
    # (spares are as they should be, unless the client minds them)
    if [[ $word == surplus || $word == idle ]] && ! find_deploy_option --validation-warnings-fatal; then continue; fi
    case $word in
      missing)
        as_client fail "--$name-flavor names the flavor $more, which does not exist" \
          "correct deploy.extra_args in the spec, and compile again ;; stackrc: openstack flavor list"
        ;;
      unprofiled)
        as_client fail "the flavor $name has no profile, and it is not the only one that the deploy command names" \
          "with the profile of its nodes ;; stackrc: read -rp 'its profile: ' P; openstack flavor set $(quoted "$name") --property \"capabilities:profile=\$P\""
        ;;
      remote)
        as_client warn "the flavor $name does not boot from the local disk" \
          "stackrc: openstack flavor set $(quoted "$name") --property capabilities:boot_option=local"
        ;;
      short)
        as_client fail "only $tagged of $wanted nodes that are out of maintenance have the profile $more of the flavor $name" \
          "give it to a node that has none ;; stackrc: openstack baremetal node list; read -rp 'node: ' N; openstack baremetal node set \"\$N\" --property capabilities=profile:$(quoted "$more"),boot_option:local"
        ;;
      surplus)
        as_client warn "$tagged nodes have the profile $more of the flavor $name, and the deploy command asks for $wanted" \
          "write the number that the site has, or take the profile from the others ;; stackrc: openstack overcloud profiles list"
        ;;
      idle)
        as_client warn "nodes without a profile that will not be used: $name" \
          'give them a profile, or put them into maintenance ;; stackrc: openstack overcloud profiles list'
        ;;
    esac
  done
}

# judge_number_of_nodes: the rows of the bare metal nodes on stdin. The client compares the roles' counts in the stack, which are those of its nodes, with
# what ironic has for it: every node with an instance, and of the others those out of maintenance. A node that this undercloud did not deploy
# is among the first and not among the second.
judge_number_of_nodes() {
  local have counted foreign
  have=$(awk -F '\t' '$2 != "-" || $4 == "False"' | wc -l)
  counted=$(count_of all) foreign=$(count_of deployed_server)
  numbers have counted foreign || return
  if ((have >= counted)); then return; fi
  if ((have + foreign >= counted)); then
    if find_deploy_option --validation-errors-nonfatal && ! find_deploy_option --validation-warnings-fatal; then return; fi
    warn "ironic has $have nodes, and the roles of the stack count $counted, with $foreign that this undercloud did not deploy: the client calls that too few" \
      'add --validation-errors-nonfatal to deploy.extra_args in the spec, as the site is deployed with, and compile again'
  else
    as_client fail "ironic has only $have nodes that the client sees, and the roles of the stack count $counted" \
      'a node that has an instance has lost its entry, or is that of another machine ;; stackrc: openstack baremetal node list; openstack server list'
  fi
}

# judge_unknown_options: of the deploy command's options those that newton's client does not have: the one that is installed here may be extended.
judge_unknown_options() {
  local known option
  if ((${#UNKNOWN_OPTIONS[@]} == 0)); then return; fi
  if ! hear_undercloud openstack --help; then
    fail "the client here does not say which options it has: $(said_last)" 'stackrc: openstack --help'
    return
  fi
  known=$SAID
  if ! hear_undercloud openstack overcloud deploy --help; then
    fail "the client here does not say which options it has: $(said_last)" 'stackrc: openstack overcloud deploy --help'
    return
  fi
  known=$(awk '/^  ?-/ { for (at = 1; at <= NF; at++) if ($at ~ /^-/) { sub(/,$/, "", $at); print $at } }' <<<"$known"$'\n'"$SAID" | sort --unique)
  for option in "${UNKNOWN_OPTIONS[@]}"; do
    if has_line "$option" "$known"; then
      tell "the client here was extended: it has the option $option"
    elif [[ $option != --* || $(awk -v word="$option" 'index($0, word) == 1' <<<"$known" | wc -l) != 1 ]]; then
      fail "openstack overcloud deploy has no option $option here: it would refuse the whole command" \
        'remove it from deploy.extra_args in the spec, or install what extends the client ;; stackrc: openstack overcloud deploy --help'
    fi
  done
}

# judge_time_server: of PLAN_FILES: with more than one controller by its own option the client needs a time server, and says so once it has emptied
# the plan. It reads `parameter_defaults`, where the last file wins, also over its own --ntp-server.
judge_time_server() {
  local word file line told=no
  if ! find_deploy_option --control-scale || [[ ! $SAID =~ ^[0-9]{1,9}$ ]] || ((10#$SAID < 2)); then return; fi
  if find_deploy_option --ntp-server && [[ -n $SAID ]]; then told=yes; fi
  plan_files_say parameter NtpServer || return 0
  IFS=$'\t' read -r word file line <<<"$SAID" || :
  if [[ $word == empty ]]; then
    fail "$file sets NtpServer to nothing in line $line; with --control-scale the client refuses the deployment for that, after it has emptied the plan" \
      "write the time server there ;; here: grep --line-number NtpServer $(quoted "$file")"
  elif [[ -z $word && $told == no ]]; then
    fail 'the deploy command has --control-scale, and neither --ntp-server nor an environment file with NtpServer under parameter_defaults: the client refuses that, after it has emptied the plan' \
      'add --ntp-server and its address to deploy.extra_args in the spec, and compile again'
  fi
}

# judge_lost_templates: of PLAN_FILES: the client looks for each when it has emptied the plan.
judge_lost_templates() {
  local file line name path
  plan_files_say lost "${DEPLOY_TEMPLATES%/}" || return 0
  while IFS=$'\t' read -r file line name path; do
    if [[ -z $file ]]; then continue; fi
    fail "$file, line $line: the template of $name is not there: $path" \
      "put it there, or correct the line ;; here: grep --line-number $(quoted "$name") $(quoted "$file"); ls -l $(quoted "$path")"
  done <<<"$SAID"
}
