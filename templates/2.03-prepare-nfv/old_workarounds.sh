# OVS 2.9 and qemu share the group hugetlbfs. On sites that patched the service files of 2.6 it would not be in that group.
old_workarounds_check() {
  local node found
  if [[ $(count_of dpdk) == 0 ]]; then
    warn 'the spec has no node with OVS-DPDK' 'give its role the capability dpdk'
  fi
  gather dpdk patched_lines
  while IFS= read -r node; do
    found=$(gathered "$node")
    if [[ $(gathered_status "$node") != 0 ]]; then
      fail "$node: cannot tell whether Open vSwitch's files were patched" "on $node: sudo systemctl cat ovs-vswitchd.service"
    elif [[ -n $found ]]; then
      warn "$node: patched by an older workaround: ${found//$'\n'/, }" "the post-install template of this section removes it when $(section_named update-overcloud) runs"
    else
      pass "$node: no workaround in Open vSwitch's files"
    fi
  done < <(nodes_in dpdk)
  judge_own_post_install
}

judge_own_post_install() {
  if grep --quiet --extended-regexp 'Group=qemu|umask 0002' -- "$COPY/files/nfv-site-post-install.yaml"; then
    fail "the site's own post-install.yaml puts the old workaround back" 'remove Group=qemu and umask 0002 from it, and compile again'
  fi
}

patched_lines() { as_root_on "$1" lines_of_old_workarounds; }

# Run by root on the node. The vendor's own update (LP#1764971, change_ovs_runtime_mode of tripleo-heat-templates) writes a UMask into
# the unit under /etc and leaves a mark beside it: that line is not an old workaround.
lines_of_old_workarounds() {
  local file own=/etc/systemd/system/ovs-vswitchd.service vendors=''
  if [[ -e /etc/systemd/system/apply-ovs-runtime-mode-workaround ]]; then vendors=$own; fi
  for file in /usr/lib/systemd/system/ovs-vswitchd.service "$own" "$own".d/*.conf \
    /usr/share/openvswitch/scripts/ovs-ctl; do
    if [[ -e $file ]]; then
      awk -v file="$file" -v vendors="$vendors" '/^UMask=0002/ && file == vendors { next }
        /^Group=qemu/ || /^UMask=0002/ || /umask 0002/ { print file ": " $0 }' "$file"
    fi
  done
}
