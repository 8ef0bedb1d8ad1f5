running_openvswitch_check() {
  judge_undercloud judge_openvswitch openvswitch_versions
  judge_nodes all judge_openvswitch openvswitch_versions
  pass_unless_found "openvswitch $MINIMUM_OPENVSWITCH or later runs on the undercloud and on every node that has it"
}

# Run by root. The tool's version says what is installed; the daemon may still be an older one.
openvswitch_versions() {
  local installed
  # rpm ends with 1 for what is not installed, and for a database that it cannot read too
  installed=$(rpm --query openvswitch) || [[ $installed == *'is not installed'* ]]
  if [[ $installed == *'is not installed'* ]]; then return; fi
  ovs-vsctl --version
  # departs: daemon
  printf 'running %s\n' "$(ovs-vsctl --timeout=10 get Open_vSwitch . ovs_version | tr --delete '"')"
}

judge_openvswitch() {
  local answer tool running
  answer=$(cat)
  tool=$(sed -n 's/^ovs-vsctl (Open vSwitch) //p' <<<"$answer")
  running=$(sed -n 's/^running //p' <<<"$answer")
  if [[ -z $answer ]]; then
    if package_is_due "$1" openvswitch; then fail "$1: openvswitch is not installed" "on $1: sudo yum install openvswitch"; fi
  elif ! version_at_least "$tool" "$MINIMUM_OPENVSWITCH"; then
    fail "$1: ovs-vsctl is ${tool:-of unknown version}, but at least $MINIMUM_OPENVSWITCH is needed" "$(how_to_update "$1" openvswitch)"
  elif [[ -z $running ]] && may_run_without_openvswitch "$1"; then
    tell "$1: openvswitch $tool is installed and does not run; no service of its roles uses it"
  elif ! version_at_least "$running" "$MINIMUM_OPENVSWITCH"; then
    fail "$1: openvswitch ${running:-of unknown version} runs, but $tool is installed" "reboot $1 by its section: 2.04, 2.07, 2.08 or 2.09"
  fi
}

may_run_without_openvswitch() {
  ask does_without_openvswitch "$1"
  # a check goes on after whatever it finds
  set +e
  [[ $ANSWER == yes ]]
}
