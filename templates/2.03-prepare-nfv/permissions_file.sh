permissions_file_check() {
  local file=$DEPLOY_TEMPLATES/environments/ovs-dpdk-permissions.yaml
  if [[ ! -e $file ]]; then
    warn "$file is not there yet" 'it comes with the update of section 2.04; section 2.06 does not start without it'
  elif grep --quiet '^[[:space:]]*VhostuserSocketGroup:' "$file"; then
    pass "section 2.06 passes $file, which sets VhostuserSocketGroup"
  else
    fail "$file does not set VhostuserSocketGroup" 'sudo yum update openstack-tripleo-heat-templates'
  fi
}
