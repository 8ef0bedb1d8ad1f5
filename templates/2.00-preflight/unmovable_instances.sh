# What can be seen from outside: an instance that does not run, or that has a device, a vhost-user port or pinned CPUs.
unmovable_instances_check() {
  judge_movable_states
  judge_nodes computes judge_movable_domains list_pinned_domains
  pass_unless_found 'every instance looks as if it could move live'
}

judge_movable_states() {
  local rows
  if ! rows=$(list_rows instances with_overcloudrc openstack server list --all-projects --long --limit -1 -f json); then
    fail "cannot list the instances: $(last_words "$SCRATCH/list.err" 'an error')" 'rc: openstack server list --all-projects'
    return
  fi
  while IFS=$'\t' read -r id name status host; do
    warn "$name ($id) on ${host%%.*} is $status and cannot move live" "compute_reboot.stuck in the spec decides how it is handled"
  done < <(awk -F '\t' 'NF && $3 != "ACTIVE" && $3 != "PAUSED"' <<<"$rows")
}

# Run by root on a compute: a running domain's name and what ties it to its host.
list_pinned_domains() {
  local domain description ties
  for domain in $(virsh --readonly list --name); do
    description=$(virsh --readonly dumpxml "$domain")
    ties=$(grep --only-matching --extended-regexp "<hostdev|type='(hostdev|direct|vhostuser)'|<vcpupin|<numatune|<hugepages" <<<"$description" | sort --unique | tr '\n' ' ') || continue
    printf '%s %s\n' "$domain" "$ties"
  done
}

judge_movable_domains() {
  local domain ties
  while read -r domain ties; do
    ties=${ties//<hostdev/a device of the host}
    ties=${ties//"type='hostdev'"/a network device of the host}
    ties=${ties//"type='direct'"/a network device of the host}
    ties=${ties//<vcpupin/pinned CPUs}
    ties=${ties//<numatune/memory of a NUMA node}
    ties=${ties//<hugepages/huge pages}
    ties=${ties//"type='vhostuser'"/a vhost-user port}
    warn "$1: $domain has ${ties% }, and may not move live" "compute_reboot.stuck in the spec decides how it is handled"
  done
}
