# Else the client in 2.06 would be the first to say so, or 2.12, when every node has been rebooted.
bare_metal_ready_check() {
  local SERVERS
  if ! SERVERS=$(list_servers servers); then
    fail "cannot list the undercloud's servers: $(last_words "$SCRATCH/list.err" 'an error')" 'stackrc: openstack server list'
    return
  fi
  over_bare_metal judge_bare_metal
  pass_unless_found 'every bare metal node in use is powered on and out of maintenance'
}
