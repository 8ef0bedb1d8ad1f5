# A site that deploys from a tree of templates of its own: no update of the package reaches it, and what a node's update is made of is taken
# from there.

PACKAGE_TEMPLATES=/usr/share/openstack-tripleo-heat-templates

# template_marks: FILE|TEXT|REPORTS|WHAT HAPPENS WITHOUT: lines of code that newton's last tripleo-heat-templates have, the reports that they
# cure (LP: Launchpad's tripleo, BZ: bugzilla.redhat.com), and what a node's update does where they are not there.
template_marks() {
  cat <<'MARKS'
extraconfig/tasks/pacemaker_common_functions.sh|special_case_iptables_services_upgrade_if_needed|LP#1758291|the update of iptables-services restarts it, and the node loses its firewall's rules
extraconfig/tasks/pacemaker_common_functions.sh|rpm -q --scripts openvswitch|LP#1635205, LP#1669714|openvswitch restarts within its own update, and the node loses its network
extraconfig/tasks/pacemaker_common_functions.sh|getent passwd openvswitch|LP#1759982, BZ1559374|openvswitch 2.9 starts without the user that it runs as, and the node loses its network
extraconfig/tasks/pacemaker_common_functions.sh|change_ovs_2_9_user|LP#1759982|openvswitch 2.9 runs as root, and cannot share its sockets with qemu
extraconfig/tasks/pacemaker_common_functions.sh|change_ovs_runtime_mode|LP#1764971|qemu cannot reach the vhost-user sockets in /var/run/openvswitch
extraconfig/tasks/pacemaker_common_functions.sh|yumdownloader --resolve openvswitch|LP#1774416, BZ1583783|openvswitch is updated without what it depends on, and its update fails
extraconfig/tasks/pacemaker_common_functions.sh|update_os_net_config|LP#1695893|the node's interfaces go down and up while openvswitch is updated
extraconfig/tasks/pacemaker_common_functions.sh|-s "/etc/os-net-config/config.json"|LP#1728889|os-net-config fails where its file is empty, and the node's update with it
extraconfig/tasks/yum_update.sh|yum makecache|LP#1703830, BZ1458841|yum has no cache, finds no update on offer, and the node is skipped
extraconfig/tasks/yum_update.sh|openstack-nova-migration|tripleo-heat-templates a1e633c07|computes come out without openstack-nova-migration, and no instance moves live
extraconfig/tasks/yum_update.sh|touch /etc/httpd/conf.d/ssl.conf|LP#1682448, BZ1441977|mod_ssl's update brings an ssl.conf that takes port 443, and httpd does not start
extraconfig/tasks/yum_update.sh|pcs resource update rabbitmq op stop timeout|LP#1634851, BZ1383780|rabbitmq stops too slowly for its timeout, and the controller is fenced
extraconfig/tasks/yum_update.sh|update_network|LP#1695893, LP#1669714|none of what is done about openvswitch and os-net-config is called
extraconfig/tasks/yum_update.sh|check_for_yum_lock|LP#1704131|the update waits for another yum until heat's four hours are over
MARKS
}

# find_lacking_marks TREE: sets SAID: those that TREE lacks, a line each as above. A mark in a comment does not count.
find_lacking_marks() {
  local tree=$1 file text rest known='' code='' lacking=''
  while IFS='|' read -r file text rest; do
    if [[ $file != "$known" ]]; then
      known=$file code=''
      if [[ -e $tree/$file ]]; then code=$(sed '/^[[:space:]]*#/d' -- "$tree/$file") || return 2; fi
    fi
    if [[ $code != *"$text"* ]]; then lacking+="${lacking:+$'\n'}$file|$text|$rest"; fi
  done < <(template_marks)
  SAID=$lacking
}

# owns_templates: the site deploys from another tree than the package's. A link to the package's is the package's.
owns_templates() {
  local tree
  tree=$(readlink --canonicalize -- "$DEPLOY_TEMPLATES") || return 2
  why "the site deploys from its own copy of the templates, $DEPLOY_TEMPLATES"
  [[ $tree != "$PACKAGE_TEMPLATES" ]]
}

# find_owed_marks: sets SAID: what the copy lacks. Once section 2.04 has updated the package, the copy need not have what the package lacks too.
find_owed_marks() {
  local owed lacking='' line status=0
  find_lacking_marks "$DEPLOY_TEMPLATES" || return 2
  owed=$SAID
  undercloud_updated openstack-tripleo-heat-templates || status=$?
  if ((status == 0)); then
    find_lacking_marks "$PACKAGE_TEMPLATES" || return 2
    while IFS= read -r line; do
      if [[ -n $line ]] && ! has_line "$line" "$SAID"; then lacking+="${lacking:+$'\n'}$line"; fi
    done <<<"$owed"
    owed=$lacking
  fi
  SAID=$owed
}

# how_to_renew_templates: a command that shows what is to be merged into the copy, from the newest package that is on offer.
how_to_renew_templates() {
  printf 'merge what differs, with the files that it calls ;; here: mkdir -p ~/tht && cd ~/tht && yumdownloader openstack-tripleo-heat-templates && rpm2cpio openstack-tripleo-heat-templates-*.rpm | cpio -idmu'
  printf '; diff -ru %s ~/tht%s/extraconfig/tasks\n' \
    "$(quoted "$DEPLOY_TEMPLATES")/extraconfig/tasks" "$PACKAGE_TEMPLATES"
}

# templates_hold_the_update: for the gate of the deployment. If the spec waives the check, the site has seen to it in another way.
templates_hold_the_update() {
  local owed reports
  if find_step own_templates_again; then
    why "the spec waives $SAID"
    if waived "$SAID" >/dev/null; then return 0; fi
  fi
  find_owed_marks || return 2
  owed=$SAID
  reports=$(cut --delimiter='|' --fields=3 <<<"$owed" | awk '!seen[$0]++' | paste --serial --delimiters=';') || return 2
  why "$DEPLOY_TEMPLATES lacks what a node's update needs: ${reports//;/; }" "$(how_to_renew_templates)"
  [[ -z $owed ]]
}

# judge_own_templates: what the copy lacks is a fail each; its other differences from the package are a warning, with the whole list in the log.
judge_own_templates() {
  local file text reports harm owed remedy
  if [[ ! -d $DEPLOY_TEMPLATES || ! -r $DEPLOY_TEMPLATES ]]; then
    fail "the templates are not there: $DEPLOY_TEMPLATES" 'correct deploy.templates in the spec'
    return
  fi
  ask owns_templates
  if [[ $ANSWER == no ]]; then
    pass "$DEPLOY_TEMPLATES is a link to the package's own templates, which $(section_named update-undercloud) updates"
    return
  fi
  if ! find_owed_marks; then
    fail "cannot tell what $DEPLOY_TEMPLATES lacks" "ls -lR $(quoted "$DEPLOY_TEMPLATES/extraconfig/tasks")"
    return
  fi
  owed=$SAID
  # one command cures them all; the first names it
  remedy=$(how_to_renew_templates)
  while IFS='|' read -r file text reports harm; do
    if [[ -z $file ]]; then continue; fi
    fail "$DEPLOY_TEMPLATES/$file is older than what the update needs: it has no \`$text\` ($reports): $harm" "$remedy"
    remedy=''
  done <<<"$owed"
  tell_of_other_differences
  pass_unless_found "the site's own copy of the templates, $DEPLOY_TEMPLATES, holds all that a node's update needs"
}

tell_of_other_differences() {
  local rows status=0 other missing
  rows=$(LC_ALL=C diff --recursive --brief -- "$PACKAGE_TEMPLATES" "$DEPLOY_TEMPLATES" 2>&1) || status=$?
  text_to_log "--- $PACKAGE_TEMPLATES and $DEPLOY_TEMPLATES"$'\n'"$rows"
  if ((status > 1)); then
    fail "$DEPLOY_TEMPLATES cannot be compared with $PACKAGE_TEMPLATES: $(tail --lines=1 <<<"$rows")" \
      "diff -rq $PACKAGE_TEMPLATES $(quoted "$DEPLOY_TEMPLATES")"
    return
  fi
  other=$(awk '/^Files .* differ$/ { n++ } END { print n + 0 }' <<<"$rows")
  missing=$(awk -v tree="$PACKAGE_TEMPLATES" 'index($0, "Only in " tree) == 1 { n++ } END { print n + 0 }' <<<"$rows")
  if [[ $other$missing != 00 ]]; then
    warn "$DEPLOY_TEMPLATES is the site's own copy: $other files differ from the package's, $missing are missing" \
      "the list is in the log ;; here: diff -ru $PACKAGE_TEMPLATES $(quoted "$DEPLOY_TEMPLATES") | less"
  fi
}

# judge_own_update: of PLAN_FILES: an environment file may put another template in the place of a node's update, whose scripts then lie beside that.
judge_own_update() {
  local file template
  plan_files_say registered OS::TripleO::Tasks::PackageUpdate || return 0
  while IFS=$'\t' read -r file template; do
    if [[ -z $file || $template == *"$PACKAGE_TEMPLATES/extraconfig/tasks/yum_update.yaml" ]]; then continue; fi
    warn "$file has nodes updated by another template than the package's: $template" \
      "compare the scripts beside it with $PACKAGE_TEMPLATES/extraconfig/tasks, or take the line out"
  done <<<"$SAID"
}

# judge_order_of_files: of PLAN_FILES, in the client's order. The order of a site that runs is never called wrong: what wins today is reported.
judge_order_of_files() {
  local name first last
  plan_files_say overruled || return 0
  while IFS=$'\t' read -r name first last; do
    if [[ -z $name ]]; then continue; fi
    warn "$name is set by $first and again by $last, which wins; in the guide's order the first would" \
      "leave the order as the site was deployed with, and see that the last value is meant: grep --line-number $(quoted "$name") $(quoted "$first") $(quoted "$last")"
  done <<<"$SAID"
}
