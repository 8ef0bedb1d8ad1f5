permissions_file_check() {
  local file=$DEPLOY_TEMPLATES/environments/ovs-dpdk-permissions.yaml
  ask owns_templates
  if [[ -e $file ]]; then
    if sets_group "$file"; then
      pass "$(section_named update-overcloud) passes $file, which sets VhostuserSocketGroup"
    elif [[ $ANSWER == no ]]; then
      fail "$file does not set VhostuserSocketGroup" 'sudo yum update openstack-tripleo-heat-templates'
    else
      fail "$file, in the site's own copy of the templates, does not set VhostuserSocketGroup" "$(how_to_write_permissions_file "$file")"
    fi
  elif [[ $ANSWER == no ]]; then
    warn "$file does not exist yet" "it comes with the update of $(section_named update-undercloud); $(section_named update-overcloud) does not start without it"
  else
    fail "$file does not exist, and no update brings it: $DEPLOY_TEMPLATES is the site's own copy of the templates" \
      "$(how_to_write_permissions_file "$file")"
  fi
}

sets_group() {
  parsed environments parameter VhostuserSocketGroup "$1" && [[ $SAID == set* ]]
}

# The package's file has these two lines and no other.
how_to_write_permissions_file() {
  printf '%s >%s' "printf 'parameter_defaults:\\n  VhostuserSocketGroup: hugetlbfs\\n'" "$(quoted "$1")"
}
