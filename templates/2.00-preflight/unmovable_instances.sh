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

# Run by root on a compute: a running domain's name and what ties it to its host; after a dash what libvirt-guests does at a shutdown.
list_pinned_domains() {
  local domain description ties at_shutdown=suspend
  if [[ $(systemctl is-active libvirt-guests) == active ]]; then
    if [[ -e /etc/sysconfig/libvirt-guests ]]; then
      at_shutdown=$(sed -n "s/^ON_SHUTDOWN=[\"']*\([a-z]*\).*/\1/p" /etc/sysconfig/libvirt-guests | tail --lines=1)
    fi
    printf -- '- %s\n' "${at_shutdown:-suspend}"
  fi
  for domain in $(virsh --readonly list --name); do
    description=$(virsh --readonly dumpxml "$domain")
    ties=$(grep --only-matching --extended-regexp "<hostdev|type='(hostdev|direct|vhostuser)'|<vcpupin|<numatune|<hugepages" <<<"$description" | sort --unique | tr '\n' ' ') || continue
    printf '%s %s\n' "$domain" "$ties"
  done
}

judge_movable_domains() {
  local domain ties
  while read -r domain ties; do
    if [[ $domain == - ]]; then
      judge_guests "$1" "$ties"
      continue
    fi
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

# judge_guests NODE AT_SHUTDOWN: stopping the service would do at once to every instance what it does at a shutdown, and so would not help.
judge_guests() {
  if [[ $2 == shutdown ]]; then return; fi
  warn "$1: libvirt-guests is active, and a reboot suspends to disk whatever still runs there ($2)" \
    "have it shut them down instead, and leave the start to nova; do not stop the service, which does the same at once ;; on $1: printf 'ON_BOOT=ignore\\nON_SHUTDOWN=shutdown\\nSHUTDOWN_TIMEOUT=120\\nPARALLEL_SHUTDOWN=10\\n' | sudo tee --append /etc/sysconfig/libvirt-guests"
}
